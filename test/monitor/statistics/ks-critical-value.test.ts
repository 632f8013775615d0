import { expect, test } from 'vitest';
import { ksAsymptoticPValue } from '../../../monitor/statistics/ks-asymptotic-p-value.js';
import { ksCriticalValue } from '../../../monitor/statistics/ks-critical-value.js';
import fixture from '../../fixtures/statistics/kolmogorov-smirnov.json' with { type: 'json' };

test.each([
  [0.1, 1.2238],
  [0.05, 1.3581],
  [0.01, 1.6276],
  [0.001, 1.9495],
])('at alpha %d the factor is %d', (alpha, factor) => {
  expect(ksCriticalValue({ referenceRows: Infinity, currentRows: 1, alpha }).toFixed(4)).toBe(String(factor));
});

test(`equals scipy on ${fixture.criticalValues.length} random cases`, () => {
  for (const { criticalValue, ...input } of fixture.criticalValues) {
    expect(Math.abs(ksCriticalValue(input) / criticalValue - 1)).toBeLessThan(1e-9);
  }
});

test('is the statistic whose asymptotic p-value is alpha', () => {
  const sizes = { referenceRows: 3918, currentRows: 200 };
  const statistic = ksCriticalValue({ ...sizes, alpha: 0.01 });
  expect(ksAsymptoticPValue({ statistic, ...sizes })).toBeCloseTo(0.01, 12);
});

test('the example of its docstring', () => {
  expect(ksCriticalValue({ referenceRows: 1000, currentRows: 1000, alpha: 0.05 }).toFixed(4)).toBe('0.0607');
});

test.each([
  [{ alpha: 0 }, /^ksCriticalValue requires alpha between 0 and 1, got 0/],
  [{ alpha: Number.NaN }, /got NaN/],
  [{ referenceRows: 0 }, /got 0 reference and 10 current/],
])('refuses %j', (change, message) => {
  const input = { referenceRows: 10, currentRows: 10, alpha: 0.05, ...change };
  expect(() => ksCriticalValue(input)).toThrow(RangeError);
  expect(() => ksCriticalValue(input)).toThrow(message);
});
