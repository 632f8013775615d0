import { describe, expect, test } from 'vitest';
import type { Random } from '../../../core/random.js';
import { psi } from '../../../monitor/statistics/psi.js';
import { psiNullBand } from '../../../monitor/statistics/psi-null-band.js';
import fixture from '../../fixtures/statistics/psi.json' with { type: 'json' };
import { alarmRate, draw, highestRate, lowestRate } from './alarm-rate.js';
import { countInto, quantileEdges } from './binning.js';

// Yurdakul's tables, as in the tests of scouter's psi/alert.rs: a reference without sampling error, alpha 0.05.
test.each([
  [10, 100, 0.169, 3],
  [10, 200, 0.0846, 4],
  [10, 400, 0.0423, 4],
  [10, 1000, 0.0169, 4],
  [20, 1000, 0.0301, 4],
])('fixed base, %i bins, %i rows: %d', (bins, currentRows, expected, digits) => {
  expect(psiNullBand({ referenceRows: Infinity, currentRows, bins, alpha: 0.05 })).toBeCloseTo(expected, digits);
});

test('the example of its docstring', () => {
  const band = psiNullBand({ referenceRows: 5000, currentRows: 500, bins: 10, alpha: 0.05 });
  expect(band.toFixed(4)).toBe('0.0372');
});

test(`equals scipy's chi-square quantile on ${fixture.cases.length} random cases`, () => {
  for (const { reference, current, alpha, nullBand } of fixture.cases) {
    const [referenceRows, currentRows] = [reference, current].map((counts) => counts.reduce((a, b) => a + b));
    const band = psiNullBand({
      referenceRows: referenceRows!,
      currentRows: currentRows!,
      bins: reference.length,
      alpha,
    });
    expect(Math.abs(band / nullBand - 1)).toBeLessThan(1e-9);
  }
});

/** Whether deciles of a new reference say that a current window, shifted by `shift` sigma, is above the band. */
function isAboveBand(random: Random, referenceRows: number, currentRows: number, alpha: number, shift = 0): boolean {
  const reference = draw(referenceRows, () => random.normal());
  const edges = quantileEdges(reference, 10);
  const counts = countInto(edges, reference);
  const current = countInto(
    edges,
    draw(currentRows, () => random.normal() + shift),
  );
  return psi(counts, current) > psiNullBand({ referenceRows, currentRows, bins: counts.length, alpha });
}

describe('without drift', () => {
  test.each([0.05, 0.01])('500 rows against 3000 are above the band about as often as alpha %d', (alpha) => {
    const runs = 2000;
    const rate = alarmRate({ runs, seed: 11 }, (random) => isAboveBand(random, 3000, 500, alpha));
    expect(rate).toBeLessThan(highestRate(alpha, runs));
    expect(rate).toBeGreaterThan(lowestRate(alpha, runs));
  });

  // 3 rows a bin: the docstring says "too wide" there, so the rate is below alpha, but the band is not useless.
  test('30 rows against 500 are above the band less often than alpha', () => {
    const runs = 2000;
    const rate = alarmRate({ runs, seed: 12 }, (random) => isAboveBand(random, 500, 30, 0.05));
    expect(rate).toBeLessThan(0.05);
    expect(rate).toBeGreaterThan(0.005);
  });

  test('an index of 0.1, a drift by the rule of thumb, is common at 100 rows against 1000', () => {
    const runs = 1000;
    const rate = alarmRate({ runs, seed: 13 }, (random) => {
      const reference = draw(1000, () => random.normal());
      const edges = quantileEdges(reference, 10);
      const current = draw(100, () => random.normal());
      return psi(countInto(edges, reference), countInto(edges, current)) > 0.1;
    });
    expect(rate).toBeGreaterThan(0.25);
  });
});

test('half a sigma at 500 rows is above the 99 % band in at least 95 % of windows', () => {
  expect(
    alarmRate({ runs: 300, seed: 14 }, (random) => isAboveBand(random, 3000, 500, 0.01, 0.5)),
  ).toBeGreaterThanOrEqual(0.95);
});

test.each([
  [{ bins: 1 }, /^psiNullBand requires a whole number of bins, at least 2, got 1/],
  [{ bins: 2.5 }, /got 2.5/],
  [{ alpha: 0 }, /alpha between 0 and 1, got 0/],
  [{ alpha: 1 }, /got 1/],
  [{ currentRows: 0 }, /row counts above 0, got 100 reference and 0 current/],
  [{ referenceRows: Infinity, currentRows: Infinity }, /at least one window with a finite row count/],
])('refuses %j', (change, message) => {
  const input = { referenceRows: 100, currentRows: 50, bins: 10, alpha: 0.05, ...change };
  expect(() => psiNullBand(input)).toThrow(RangeError);
  expect(() => psiNullBand(input)).toThrow(message);
});
