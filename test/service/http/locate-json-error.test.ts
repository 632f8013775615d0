import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { locateJsonError } from '../../../service/http/locate-json-error.js';

test('says where the text breaks and what was expected', () => {
  const found = (text: string) => locateJsonError(text);
  expect(found('')).toBe('line 1 column 1 (position 0): expected a value, the text ends');
  expect(found('{"a": 1')).toBe('line 1 column 8 (position 7): expected "," or }, the text ends');
  expect(found('{\n "a" 1}')).toBe('line 2 column 6 (position 7): expected ":", found "1"');
  expect(found('[1 2]')).toBe('line 1 column 4 (position 3): expected "," or ], found "2"');
  expect(found('[1,]')).toBe('line 1 column 4 (position 3): expected a value, found "]"');
  expect(found("{'a': 1}")).toBe(
    'line 1 column 2 (position 1): expected a field name in double quotes or }, found "\'"',
  );
  expect(found('{} x')).toBe('line 1 column 4 (position 3): expected nothing more, found "x"');
  expect(found('[NaN]')).toBe('line 1 column 2 (position 1): expected a value or ], found "N"');
  expect(found('[01]')).toBe('line 1 column 2 (position 1): expected a value or ], found "0"');
  expect(found('{"a": 1 "b')).toBe('line 1 column 9 (position 8): expected "," or }, found "\\""');
});

// All of these were once "expected a value, found a quote" at the place where the string begins.
test('says how a string is broken', () => {
  const never = 'the string that begins here is never closed';
  const control = 'a control character stands in a string; write it as';
  const noEscape = (begun: string) => `${begun} is no escape of JSON; a backslash itself is written \\\\`;
  for (const [text, expected] of [
    ['{"a":"xxx', `line 1 column 6 (position 5): ${never}`],
    ['{\n"a', `line 2 column 1 (position 2): ${never}`],
    ['"a\\', `line 1 column 1 (position 0): ${never}`],
    ['"a\\u12', `line 1 column 1 (position 0): ${never}`],
    ['["a\nb"]', `line 1 column 4 (position 3): ${control} \\n`],
    ['["a\u0001b"]', `line 1 column 4 (position 3): ${control} \\u0001`],
    ['{"a\tb": 1}', `line 1 column 4 (position 3): ${control} \\t`],
    ['["C:\\dir"]', `line 1 column 5 (position 4): ${noEscape('\\ followed by "d"')}`],
    ['["\\u12g4"]', `line 1 column 3 (position 2): ${noEscape('\\u12 followed by "g"')}`],
  ] as const) {
    expect(() => JSON.parse(text)).toThrow();
    expect(locateJsonError(text)).toBe(expected);
  }
});

test('finds a place no later than the engine does, and nothing is wrong before it', () => {
  const random = createRandom(7);
  const sound = '{"instances": [{"a b": -1.5e-3, "c": "x\\u00e9\\n", "d": [true, false, null, {}]}, {"e": []}]}';
  let compared = 0;
  for (let i = 0; i < 3_000; i++) {
    const at = random.integer(sound.length);
    const text = sound.slice(0, at) + '{}[]:,"0a \\\n'[random.integer(12)] + sound.slice(at + 1);
    const engine = failure(() => JSON.parse(text));
    if (engine === undefined) continue;
    const position = positionIn(locateJsonError(text))!;
    const theirs = positionIn(engine);
    if (theirs !== undefined) expect(position).toBeLessThanOrEqual(theirs);
    if (theirs !== undefined) compared++;
    // The text up to there ends too early, if anything.
    const before = text.slice(0, position);
    if (failure(() => JSON.parse(before)) !== undefined)
      expect(locateJsonError(before)).toMatch(/(the text ends|never closed)$/);
  }
  expect(compared).toBeGreaterThan(500);
});

function failure(parse: () => unknown): string | undefined {
  try {
    parse();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function positionIn(message: string): number | undefined {
  const found = /position (\d+)/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

test('bears long and deep texts', () => {
  expect(locateJsonError(`"${'\\n'.repeat(1_000_000)}`)).toMatch('(position 0): the string that begins here');
  expect(locateJsonError(`["${'x\\n'.repeat(15_000_000)}`)).toMatch('(position 1): the string that begins here');
  expect(locateJsonError('['.repeat(100_000))).toMatch('(position 100000): expected a value or ], the text ends');
});

// `'['.repeat(4e6)` once held up every other caller for half a second.
test('gives up after a hundred thousand characters', () => {
  const past = 'the error is past its first 100000 characters';
  expect(locateJsonError('['.repeat(100_001))).toBe(past);
  expect(locateJsonError(`"${'\\n'.repeat(1_000_000)}" x`)).toBe(past);
  expect(locateJsonError(`[${'1,'.repeat(50_001)}]`)).toBe(past);
});
