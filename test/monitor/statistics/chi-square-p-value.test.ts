import { expect, test } from 'vitest';
import { chiSquarePValue } from '../../../monitor/statistics/chi-square-p-value.js';

test('gives the levels of the usual tables', () => {
  expect(chiSquarePValue(3.841458820694124, 1)).toBeCloseTo(0.05, 12);
  expect(chiSquarePValue(16.918977604620448, 9)).toBeCloseTo(0.05, 12);
});

test('is exp(-x/2) with two degrees of freedom', () => {
  for (const x of [0.1, 1, 5, 20, 60]) expect(chiSquarePValue(x, 2)).toBeCloseTo(Math.exp(-x / 2), 14);
});

test('is 1 at 0, also with 0 degrees of freedom, and 0 far out', () => {
  expect(chiSquarePValue(0, 4)).toBe(1);
  expect(chiSquarePValue(0, 0)).toBe(1);
  expect(chiSquarePValue(1e4, 3)).toBe(0);
  expect(chiSquarePValue(Infinity, 3)).toBe(0);
});

test.each([
  [-1, 2],
  [Number.NaN, 2],
  [1, -2],
  [1, Number.NaN],
])('refuses statistic %d with %d degrees of freedom', (statistic, degreesOfFreedom) => {
  expect(() => chiSquarePValue(statistic, degreesOfFreedom)).toThrow(RangeError);
  expect(() => chiSquarePValue(statistic, degreesOfFreedom)).toThrow(`got ${statistic} and ${degreesOfFreedom}`);
});
