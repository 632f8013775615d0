import { expect, test } from 'vitest';
import { atRank, median } from '../../bench/median.js';

test('median of an odd and an even number of values, whatever their order', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(() => median([])).toThrow(/^median requires/);
});

test('a percentile is the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, i) => i + 1);
  expect([atRank(values, 0.5), atRank(values, 0.99), atRank(values, 1), atRank([7], 0.01)]).toEqual([50, 99, 100, 7]);
});
