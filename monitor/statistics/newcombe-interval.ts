import { type Interval, wilsonInterval, Z_95 } from './wilson-interval.js';

/** Rows with a property, out of all, in each of two windows. */
export interface TwoShares {
  readonly reference: { readonly count: number; readonly rows: number };
  readonly current: { readonly count: number; readonly rows: number };
}

/**
 * Two-sided confidence interval of the difference of two shares, current - reference, by Newcombe's hybrid of the two
 * Wilson intervals: with d the difference, p the shares and [l, u] their intervals,
 *   d - sqrt((q - l_q)^2 + (u_p - p)^2)  to  d + sqrt((u_q - q)^2 + (p - l_p)^2).
 * In [-1, 1]. Keeps its coverage for small shares and unequal windows. Equals
 * `statsmodels.stats.proportion.confint_proportions_2indep(compare='diff', method='newcomb')`.
 * Source: Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10.
 * @param z  two-sided normal quantile, 1.96 (95 %) unless told
 * @throws RangeError  a window has no row, or a count is outside [0, rows]
 * @example newcombeInterval({ reference: { count: 48, rows: 80 }, current: { count: 56, rows: 70 } }) // 0.0524... to 0.3339...
 */
export function newcombeInterval({ reference, current }: TwoShares, z = Z_95): Interval {
  const p = reference.count / reference.rows;
  const q = current.count / current.rows;
  const ofP = wilsonInterval(reference.count, reference.rows, z);
  const ofQ = wilsonInterval(current.count, current.rows, z);
  return {
    low: q - p - Math.hypot(q - ofQ.low, ofP.high - p),
    high: q - p + Math.hypot(ofQ.high - q, p - ofP.low),
  };
}
