import { v7 } from 'uuid';
import { expect, test } from 'vitest';
import type { Manifest } from '../../../core/manifest/manifest.js';
import type { InvalidRequestError } from '../../../service/errors.js';
import { validateOutcomes } from '../../../service/outcomes/validate-outcomes.js';

const manifest = { name: 'wines', task: 'binary', classes: ['good', 'bad'] } as unknown as Manifest;
const good = { prediction_id: v7(), actual: 'good', observed_at: '2026-01-31T12:00:00Z' };
const TIME = 'wanted a time with its zone, such as "2026-01-31T12:00:00Z"';

function lines(body: unknown, max = 10): string[] {
  try {
    validateOutcomes(manifest, body, max);
  } catch (error) {
    return (error as InvalidRequestError).details.errors!.map(({ path, message }) => `${path} ${message}`);
  }
  return [];
}

test('tells of every field of an outcome what is wrong with it', () => {
  expect(lines({ outcomes: [{ ...good, actual: 7, observed_at: 'yesterday' }] })).toEqual([
    '/outcomes/0/actual is the number 7, wanted one of "good", "bad"',
    `/outcomes/0/observed_at is the string "yesterday", ${TIME}`,
  ]);
  expect(lines({ outcomes: [good, { prediction_id: good.prediction_id, note: 1 }] })).toEqual([
    `/outcomes/1/note is unknown; the fields are prediction_id, actual, observed_at`,
    '/outcomes/1/prediction_id stands in /outcomes/0 already; send each prediction once',
    '/outcomes/1/actual is missing, wanted a class or a number',
    `/outcomes/1/observed_at is missing, ${TIME}`,
  ]);
});

test('tells what is wrong with the body and with its outcomes at once', () => {
  expect(lines({ x: 1, outcomes: [{ ...good, actual: 'oak' }], y: 2 })).toEqual([
    '/x is unknown; the body has the one field "outcomes"',
    '/y is unknown; the body has the one field "outcomes"',
    '/outcomes/0/actual is the string "oak", wanted one of "good", "bad"',
  ]);
  expect(lines({ x: 1, outcomes: [] })).toHaveLength(2);
});

test('does not look at each of a great many unknown fields', () => {
  const wide = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`x${i}`, 1]));
  expect(lines({ outcomes: [{ ...good, ...wide }] })).toEqual([
    '/outcomes/0 has 303 fields, wanted prediction_id, actual, observed_at',
  ]);
});
