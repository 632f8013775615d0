import { binomialUpperTail } from './binomial-upper-tail.js';

/**
 * One-sided lower confidence bound of a share (Clopper-Pearson): the share at which as many successes as were seen, or
 * more, would have probability 1 - confidence. In [0, 1]; the true share lies above it with at least that confidence.
 * Equals the low end of `scipy.stats.binomtest(count, rows, alternative='greater').proportion_ci(method='exact')` (1.17).
 * Source: Clopper & Pearson 1934.
 * @param confidence  above 0, below 1; 0.95 unless told
 * @throws RangeError  rows is not a whole number above 0, count is not one of 0 to rows, or confidence is outside (0, 1)
 * @example binomialLowerBound(5, 100) // 0.0199...
 */
export function binomialLowerBound(count: number, rows: number, confidence = 0.95): number {
  if (!(rows > 0 && count >= 0 && count <= rows && confidence > 0 && confidence < 1)) {
    throw new RangeError(
      `binomialLowerBound requires 0 <= count <= rows and a confidence between 0 and 1, got ${count}, ${rows}, ${confidence}`,
    );
  }
  if (count === 0) return 0;
  let low = 0;
  let high = count / rows;
  // The tail grows with the share: 60 halvings leave nothing between the ends.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (binomialUpperTail(count, rows, middle) > 1 - confidence) high = middle;
    else low = middle;
  }
  return low;
}
