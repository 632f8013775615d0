import { expect, test } from 'vitest';
import { empiricalNullBand } from '../../../monitor/statistics/empirical-null-band.js';
import { psi } from '../../../monitor/statistics/psi.js';
import { psiNullBand } from '../../../monitor/statistics/psi-null-band.js';
import { alarmRate, draw, drawCounts } from './alarm-rate.js';

const DECILES = draw(10, () => 0.1);

test('is a quantile of the chunks, and three standard deviations above their mean', () => {
  expect(empiricalNullBand({ values: Object.freeze([5, 1, 2, 3, 4]), alpha: 0.25 })).toEqual({
    band: 4,
    threeSigma: 3 + 3 * Math.sqrt(2),
    chunks: 5,
  });
});

test('of independent rows it is the chi-square line', () => {
  let ratio = 0;
  alarmRate({ runs: 20, seed: 9 }, (random) => {
    const reference = drawCounts(random, 20_000, DECILES);
    const values = draw(200, () => psi(reference, drawCounts(random, 500, DECILES)));
    const line = psiNullBand({ referenceRows: 20_000, currentRows: 500, bins: 10, alpha: 0.05 });
    ratio += empiricalNullBand({ values, alpha: 0.05 })!.band / line / 20;
    return true;
  });
  expect(Math.abs(ratio - 1)).toBeLessThan(0.05);
});

test('of rows that come in batches it is wider than the chi-square line, which takes them as independent', () => {
  alarmRate({ runs: 1, seed: 10 }, (random) => {
    const reference = drawCounts(random, 20_000, DECILES);
    // Batches of 20 equal rows: 500 rows hold 25 independent ones.
    const values = draw(200, () =>
      psi(
        reference,
        drawCounts(random, 25, DECILES).map((count) => count * 20),
      ),
    );
    const line = psiNullBand({ referenceRows: 20_000, currentRows: 500, bins: 10, alpha: 0.05 });
    expect(empiricalNullBand({ values, alpha: 0.05 })!.band).toBeGreaterThan(5 * line);
    return true;
  });
});

test('says nothing of fewer than two chunks, and refuses what is no number', () => {
  expect(empiricalNullBand({ values: [1], alpha: 0.1 })).toBeUndefined();
  expect(() => empiricalNullBand({ values: [1, Number.NaN], alpha: 0.1 })).toThrow(/got NaN at index 1/);
  expect(() => empiricalNullBand({ values: [1, 2], alpha: 1 })).toThrow(RangeError);
});
