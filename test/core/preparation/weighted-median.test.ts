import { median } from 'simple-statistics';
import { expect, test } from 'vitest';
import { weightedMedian } from '../../../core/preparation/weighted-median.js';
import { createRandom } from '../../../core/random.js';

test('is the usual median where all weigh the same', () => {
  const random = createRandom(1);
  for (let length = 1; length < 40; length++) {
    const values = Array.from({ length }, () => random.integer(20));
    expect(weightedMedian(values.map((value) => [value, 2.5]))).toBe(median(values));
  }
});

test('counts a value as often as it weighs', () => {
  expect(
    weightedMedian([
      [1, 3],
      [2, 1],
      [9, 1],
    ]),
  ).toBe(1);
  expect(
    weightedMedian([
      [9, 5],
      [1, 2],
      [2, 2],
    ]),
  ).toBe(9);
  expect(
    weightedMedian([
      [1, 1],
      [2, 1],
      [5, 2],
    ]),
  ).toBe(3.5);
  expect(
    weightedMedian([
      [1, 0],
      [7, 1],
    ]),
  ).toBe(7);
});

test('needs some weight', () => {
  expect(() => weightedMedian([])).toThrow('needs a weight above 0, got 0 values without');
  expect(() => weightedMedian([[1, 0]])).toThrow(RangeError);
});
