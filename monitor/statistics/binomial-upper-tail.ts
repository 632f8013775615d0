import { gammaln } from 'simple-statistics';

/**
 * Probability of at least `count` successes in `rows` independent trials of probability `share`: the exact one-sided
 * p-value that a rate is above `share`. In [0, 1]. Equals `scipy.stats.binom.sf(count - 1, rows, share)` (1.17) within a
 * relative 1e-9. Adds terms from `count` upwards until they no longer matter.
 * @throws RangeError  count or rows is not a whole number >= 0, or share is outside [0, 1]
 * @example binomialUpperTail(3, 3, 0.5) // 0.125
 */
export function binomialUpperTail(count: number, rows: number, share: number): number {
  if (!(Number.isInteger(count) && Number.isInteger(rows) && count >= 0 && rows >= 0 && share >= 0 && share <= 1)) {
    throw new RangeError(
      `binomialUpperTail requires whole counts and a share between 0 and 1, got ${count}, ${rows}, ${share}`,
    );
  }
  if (count === 0) return 1;
  if (count > rows || share === 0) return 0;
  if (share === 1) return 1;
  // Below the mean the lower tail is the short one, and 1 - it loses nothing.
  if (count <= rows * share) return 1 - tail(rows - count + 1, rows, 1 - share);
  return tail(count, rows, share);
}

/** Sum of the terms from `count` to `rows`, which fall from the first on. */
function tail(count: number, rows: number, share: number): number {
  const choose = gammaln(rows + 1) - gammaln(count + 1) - gammaln(rows - count + 1);
  let term = Math.exp(choose + count * Math.log(share) + (rows - count) * Math.log1p(-share));
  let sum = 0;
  for (let k = count; k <= rows && term > sum * 1e-17; k++) {
    sum += term;
    term *= ((rows - k) / (k + 1)) * (share / (1 - share));
  }
  return Math.min(1, sum);
}
