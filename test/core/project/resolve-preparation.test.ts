import { expect, test } from 'vitest';
import { parseManifest } from '../../../core/manifest/parse.js';
import type { Problem } from '../../../core/problems.js';
import { resolvePreparation } from '../../../core/project/resolve-preparation.js';
import { EVENTS_YAML } from '../../helpers/prepared-project.js';

/** The messages for the usual manifest with one text in it replaced. */
function problemsWith(from: string, to: string): string[] {
  expect(EVENTS_YAML).toContain(from);
  const problems: Problem[] = [];
  resolvePreparation(parseManifest(EVENTS_YAML.replace(from, to)), problems, () => 'model.yaml');
  return problems.map(({ message }) => message);
}

test('takes every step, and passes on the input of the same name where none is written', () => {
  const problems: Problem[] = [];
  const { inputs, steps } = resolvePreparation(parseManifest(EVENTS_YAML), problems, () => 'model.yaml');
  expect(problems).toEqual([]);
  expect(inputs!.map(({ name, missing }) => [name, missing])).toContainEqual(['cost', true]);
  expect(steps.get('free_drinks')).toEqual({ step: 'input', of: ['free_drinks'] });
  expect(steps.get('weekday')).toEqual({ step: 'part', of: ['begins'], part: 'weekday' });
  expect(steps.get('is_concert')).toEqual({ step: 'equals', of: ['kind'], value: 'concert' });
  expect(steps.get('price_over_kind')).toEqual({ step: 'minusMedian', of: ['price', 'kind'] });
});

test.each([
  ['{ words: title }', '{ words: titel }', 'features.title_words: there is no input "titel", did you mean "title"?'],
  [
    '{ words: title }',
    '{ words: price }',
    'features.title_words: "words" takes text; the input "price" is of type numeric',
  ],
  [
    '{ words: title }',
    '{ words: title, characters: title }',
    'features.title_words: write one step under "from", one of words, ',
  ],
  ['{ words: title }', '{ words: title, by: kind }', 'features.title_words: "by" does not go with "words"; remove it'],
  ['{ part: weekday, of: begins }', '{ part: weekday }', 'features.weekday: "part" needs "of", the name of an input'],
  [
    '{ input: kind }',
    '{ input: price }',
    'features.type_of_event: the input "price" is a numeric, the feature categorical; write "type: numeric"',
  ],
  ['{ input: kind }', '{ input: begins }', 'the feature categorical; take hours, days or a part of it'],
  [
    'type: boolean, from: { equals',
    'type: numeric, from: { equals',
    'features.is_concert: "equals" makes a boolean feature; write "type: boolean"',
  ],
  [
    'missing: true, from: { ratio',
    'from: { ratio',
    'features.margin: the input "cost" may be missing; write "missing: true" here too',
  ],
  [
    'name: free_drinks, type: boolean }\nretraining',
    'name: drinks, type: boolean }\nretraining',
    'features.drinks: there is no input "drinks"; the inputs are title, price, cost, kind, free_drinks, announced, begins; say how the feature is made, with "from"',
  ],
  ['name: kind, type: text', 'name: price, type: text', 'input "price" stands twice; remove one'],
  ['target: sold_out', 'target: kind', 'the target "kind" is also an input; remove it from inputs'],
  [
    'type: timestamp }',
    'type: timestamp, example: noon }',
    'inputs.announced.example: "noon" is no timestamp; write one such as "2026-01-31T12:00:00Z"',
  ],
])('says what is wrong: %s becomes %s', (from, to, message) => {
  expect(problemsWith(from, to).join('\n')).toContain(message);
});

test('a step without inputs to take is told where they belong', () => {
  const yaml = EVENTS_YAML.replace(/inputs:\n(.*\n)*?features:/, 'features:');
  const problems: Problem[] = [];
  expect(resolvePreparation(parseManifest(yaml), problems, () => 'model.yaml').inputs).toBeUndefined();
  expect(problems[0]!.message).toBe('features.title_words: "from" takes raw inputs; list them under "inputs"');
});

test('a step that does not exist is named with its line', () => {
  const yaml = EVENTS_YAML.replace('{ words: title }', '{ word: title }');
  expect(() => parseManifest(yaml)).toThrow(
    /model\.yaml:15 {2}features\.0\.from: unknown key "word", did you mean "words"\?/,
  );
});
