import { describe, expect, test } from 'vitest';
import { ksExactPValue } from '../../../monitor/statistics/ks-exact-p-value.js';
import fixture from '../../fixtures/statistics/kolmogorov-smirnov.json' with { type: 'json' };

describe('known answers', () => {
  // scipy/stats/tests/test_stats.py, TestKSTwoSamples.
  test('D = 232/1100 of 100 and 110 rows: 0.015739183865607353', () => {
    const pValue = ksExactPValue({ statistic: 232 / 1100, referenceRows: 100, currentRows: 110 });
    expect(Math.abs(pValue - 0.015739183865607353)).toBeLessThan(1e-12);
  });

  test('two rows and three: D = 1/3 gives 1, D = 2/3 gives 0.6', () => {
    expect(ksExactPValue({ statistic: 1 / 3, referenceRows: 2, currentRows: 3 })).toBeCloseTo(1, 12);
    expect(ksExactPValue({ statistic: 2 / 3, referenceRows: 2, currentRows: 3 })).toBeCloseTo(0.6, 12);
  });

  // Stephens' formula says 0.0497 here and would reject at 5 %.
  test('8 and 8 rows, D = 0.625: 0.0870', () => {
    expect(ksExactPValue({ statistic: 0.625, referenceRows: 8, currentRows: 8 }).toFixed(4)).toBe('0.0870');
  });

  test('samples wholly apart: two paths of all', () => {
    expect(ksExactPValue({ statistic: 1, referenceRows: 3, currentRows: 2 })).toBeCloseTo(2 / 10, 14);
    expect(ksExactPValue({ statistic: 1, referenceRows: 1, currentRows: 1 })).toBe(1);
  });
});

test('equals scipy on random cases, small and large, tied and not', () => {
  const small = fixture.samples.map(({ reference, current, ...answer }) => ({
    ...answer,
    referenceRows: reference.length,
    currentRows: current.length,
  }));
  const cases = [...small, ...fixture.pValues];
  expect(cases.length).toBeGreaterThanOrEqual(200);
  for (const { statistic, referenceRows, currentRows, exact } of cases) {
    const pValue = ksExactPValue({ statistic, referenceRows, currentRows });
    expect(Math.abs(pValue - exact)).toBeLessThan(1e-10);
    // scipy loses digits of its own far in the tail.
    if (exact > 1e-10) expect(Math.abs(pValue / exact - 1)).toBeLessThan(1e-9);
  }
});

test('is a probability that falls with the statistic, the same either way round', () => {
  let before = 1;
  for (let step = 0; step <= 12 * 35; step++) {
    const statistic = step / (12 * 35);
    const pValue = ksExactPValue({ statistic, referenceRows: 12, currentRows: 35 });
    expect(pValue).toBeLessThanOrEqual(before + 1e-15);
    expect(pValue).toBeGreaterThan(0);
    expect(pValue).toBe(ksExactPValue({ statistic, referenceRows: 35, currentRows: 12 }));
    before = pValue;
  }
  expect(ksExactPValue({ statistic: 0, referenceRows: 12, currentRows: 35 })).toBe(1);
});

// 2 / C(1000, 500) is 7.4e-300; one minus the rest would have given 0.
test('keeps its digits in the far tail', () => {
  let logOrders = 0;
  for (let k = 1; k <= 500; k++) logOrders += Math.log((500 + k) / k);
  const pValue = ksExactPValue({ statistic: 1, referenceRows: 500, currentRows: 500 });
  expect(Math.log(pValue)).toBeCloseTo(Math.log(2) - logOrders, 8);
});

test.each([
  [{ statistic: 1.5 }, /^ksExactPValue requires a statistic between 0 and 1, got 1.5/],
  [{ referenceRows: 0 }, /whole row counts above 0, got 0 and 10/],
  [{ currentRows: 2.5 }, /got 10 and 2.5/],
  [{ referenceRows: 1e6, currentRows: 1e6 }, /at most 100000000 pairs of rows, got 1000000 \* 1000000: use ksAsym/],
])('refuses %j', (change, message) => {
  const input = { statistic: 0.5, referenceRows: 10, currentRows: 10, ...change };
  expect(() => ksExactPValue(input)).toThrow(RangeError);
  expect(() => ksExactPValue(input)).toThrow(message);
});
