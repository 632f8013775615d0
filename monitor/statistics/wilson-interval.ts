/** Both ends of an interval. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Two-sided confidence interval of a share, Wilson's score interval without continuity correction: the shares s for
 * which |count/rows - s| <= z * sqrt(s * (1 - s) / rows). In [0, 1]. Unlike the textbook interval it neither leaves
 * [0, 1] nor has length 0 at a count of 0. Equals `scipy.stats.binomtest(count, rows).proportion_ci(method='wilson')`
 * (1.17). Covers a little less than stated for shares near 0 or 1 in samples of a few dozen rows.
 * Source: Wilson 1927; Newcombe 1998, method 3.
 * @param count  rows with the property, 0 to `rows`
 * @param rows   above 0
 * @param z      two-sided normal quantile, 1.96 (95 %) unless told
 * @throws RangeError  rows is not above 0, count is outside [0, rows], or z is not above 0
 * @example wilsonInterval(0, 100).high // 0.0369...
 */
export function wilsonInterval(count: number, rows: number, z = Z_95): Interval {
  if (!(rows > 0 && rows < Infinity) || !(count >= 0 && count <= rows) || !(z > 0)) {
    throw new RangeError(`wilsonInterval requires 0 <= count <= rows, rows and z above 0, got ${count}, ${rows}, ${z}`);
  }
  const share = count / rows;
  const z2 = (z * z) / rows;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Math.sqrt(z2) * Math.sqrt(share * (1 - share) + z2 / 4)) / (1 + z2);
  return { low: count === 0 ? 0 : Math.max(0, middle - half), high: count === rows ? 1 : Math.min(1, middle + half) };
}

/** Two-sided 95 % quantile of the normal distribution. */
export const Z_95 = 1.959963984540054;
