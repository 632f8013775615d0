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
  expect(found('["a\nb"]')).toBe('line 1 column 2 (position 1): expected a value or ], found "\\""');
});

test('finds a place no later than the engine does, and nothing is wrong before it', () => {
  const random = createRandom(7);
  const sound = '{"instances": [{"a b": -1.5e-3, "c": "x\\u00e9\\n", "d": [true, false, null, {}]}, {"e": []}]}';
  let compared = 0;
  for (let i = 0; i < 3_000; i++) {
    const at = random.integer(sound.length);
    const text = sound.slice(0, at) + '{}[]:,"0a '[random.integer(10)] + sound.slice(at + 1);
    const engine = failure(() => JSON.parse(text));
    if (engine === undefined) continue;
    const position = positionIn(locateJsonError(text))!;
    const theirs = positionIn(engine);
    if (theirs !== undefined) expect(position).toBeLessThanOrEqual(theirs);
    if (theirs !== undefined) compared++;
    // The text up to there ends too early, if anything.
    const before = text.slice(0, position);
    if (failure(() => JSON.parse(before)) !== undefined) expect(locateJsonError(before)).toMatch(/the text ends$/);
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
  expect(locateJsonError(`"${'\\n'.repeat(1_000_000)}`)).toMatch('(position 0): expected a value');
  expect(locateJsonError(`"${'\\n'.repeat(1_000_000)}" x`)).toMatch('(position 2000003): expected nothing more');
  expect(locateJsonError('['.repeat(1_000_000))).toMatch('(position 1000000): expected a value or ], the text ends');
});
