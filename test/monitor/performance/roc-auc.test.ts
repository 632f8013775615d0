import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { rocAuc } from '../../../monitor/performance/roc-auc.js';

/** From counts by bin of scores in [0, 1), or with a bin for each row. */
function binned(scores: number[], truths: boolean[], bins: number | 'exact') {
  const ranks = new Map([...scores].sort((a, b) => a - b).map((score, rank) => [score, rank]));
  const positives = new Array<number>(bins === 'exact' ? scores.length : bins).fill(0);
  const totals = [...positives].fill(0);
  scores.forEach((score, row) => {
    const bin = bins === 'exact' ? ranks.get(score)! : Math.floor(score * bins);
    totals[bin]!++;
    if (truths[row]) positives[bin]!++;
  });
  return rocAuc(positives, totals);
}

test('binned scores are off by no more than is said', () => {
  const random = createRandom(5);
  for (let i = 0; i < 50; i++) {
    const truths = Array.from({ length: 400 }, () => random.next() < 0.3);
    const scores = truths.map((truth) => random.next() ** (truth ? 0.5 : 1));
    const exact = binned(scores, truths, 'exact');
    expect(exact.binningError).toBe(0);
    for (const bins of [5, 20, 200]) {
      const coarse = binned(scores, truths, bins);
      expect(Math.abs(coarse.value - exact.value)).toBeLessThanOrEqual(coarse.binningError);
    }
    expect(binned(scores, truths, 200).binningError).toBeLessThan(0.004);
  }
});

test('is 1 and 0 for classes that scores tell apart, and 0.5 when every score is the same', () => {
  expect(rocAuc([0, 5], [5, 5]).value).toBe(1);
  expect(rocAuc([5, 0], [5, 5])).toMatchObject({ value: 0, low: null, high: null });
  expect(rocAuc([3], [10]).value).toBe(0.5);
});

test('does not exist with one class only', () => {
  expect(rocAuc([3, 4], [3, 4]).value).toBeNaN();
  expect(rocAuc([0, 0], [3, 4]).value).toBeNaN();
});
