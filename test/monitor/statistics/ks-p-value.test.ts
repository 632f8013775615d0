import { describe, expect, test } from 'vitest';
import { ksAsymptoticPValue } from '../../../monitor/statistics/ks-asymptotic-p-value.js';
import { ksExactPValue } from '../../../monitor/statistics/ks-exact-p-value.js';
import { ksPValue } from '../../../monitor/statistics/ks-p-value.js';
import { ksStatistic } from '../../../monitor/statistics/ks-statistic.js';
import { alarmRate, draw, highestRate, lowestRate } from './alarm-rate.js';

test('is exact up to a million pairs of rows and asymptotic above', () => {
  const small = { statistic: 0.05, referenceRows: 1000, currentRows: 1000 };
  const large = { statistic: 0.05, referenceRows: 1000, currentRows: 1001 };
  expect(ksPValue(small)).toBe(ksExactPValue(small));
  expect(ksPValue(large)).toBe(ksAsymptoticPValue(large));
  expect(ksPValue(small)).not.toBe(ksAsymptoticPValue(small));
  expect(ksPValue(large)).not.toBe(ksExactPValue(large));
});

test('is NaN where there is no statistic', () => {
  expect(ksPValue({ statistic: Number.NaN, referenceRows: 10, currentRows: 10 })).toBeNaN();
  expect(ksPValue({ statistic: Number.NaN, referenceRows: 0, currentRows: 10 })).toBeNaN();
});

function rejects(sizes: readonly [number, number], alpha: number, value: () => number, shift = 0) {
  const reference = draw(sizes[0], value);
  const current = draw(sizes[1], () => value() + shift);
  const statistic = ksStatistic(reference, current);
  return ksPValue({ statistic, referenceRows: sizes[0], currentRows: sizes[1] }) <= alpha;
}

describe('without drift', () => {
  test.each([
    [500, 30],
    [30, 500],
    [3000, 500],
  ])('%i against %i rows reject about as often as alpha', (...sizes) => {
    const runs = 2000;
    for (const alpha of [0.05, 0.01]) {
      const rate = alarmRate({ runs, seed: 16 }, (random) => rejects(sizes, alpha, random.normal));
      expect(rate).toBeLessThan(highestRate(alpha, runs));
      expect(rate).toBeGreaterThan(lowestRate(alpha, runs));
    }
  });

  test('heavy ties reject less often than alpha, never more', () => {
    const rate = alarmRate({ runs: 2000, seed: 17 }, (random) => rejects([500, 30], 0.05, () => random.integer(5)));
    expect(rate).toBeLessThan(0.05);
  });
});

test.each([
  [500, 30, 1, 0.95],
  [3000, 500, 0.25, 0.95],
])('%i against %i rows see a shift of %d sigma in at least the share %d', (reference, current, shift, power) => {
  const rate = alarmRate({ runs: 500, seed: 18 }, (random) =>
    rejects([reference, current], 0.01, random.normal, shift),
  );
  expect(rate).toBeGreaterThanOrEqual(power);
});

test.each([
  [{ statistic: 2 }, /between 0 and 1, got 2/],
  [{ referenceRows: -1 }, /^ksPValue requires whole row counts, got -1 and 10/],
  [{ currentRows: Infinity }, /got 10 and Infinity/],
])('refuses %j', (change, message) => {
  const input = { statistic: 0.5, referenceRows: 10, currentRows: 10, ...change };
  expect(() => ksPValue(input)).toThrow(RangeError);
  expect(() => ksPValue(input)).toThrow(message);
});
