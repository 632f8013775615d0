import { inverseRowSum } from './inverse-row-sum.js';
import { kolmogorovSurvival } from './kolmogorov-survival.js';

/** Window sizes and the share of windows without drift allowed above the line. */
export interface KsCriticalValueInput {
  /** Rows in the reference window, or `Infinity` for a distribution known without sampling error. */
  readonly referenceRows: number;
  readonly currentRows: number;
  /** Above 0, below 1. */
  readonly alpha: number;
}

/**
 * The two-sample Kolmogorov-Smirnov statistic D that windows without drift stay below with probability 1 - alpha:
 * c * sqrt((N + M) / (N * M)), c the upper alpha quantile of the Kolmogorov distribution
 * (1.2238, 1.3581, 1.6276, 1.9495 at alpha 0.10, 0.05, 0.01, 0.001; `scipy.stats.kstwobign.isf`).
 * Asymptotic, for continuous values. Errs towards no alarm for small windows and for ties; may be above 1, which no D
 * reaches. With millions of rows it passes differences that matter to nobody: ask for a least effect size as well.
 * @throws RangeError  a row count is not above 0, both are infinite, or alpha is not between 0 and 1
 * @example ksCriticalValue({ referenceRows: 1000, currentRows: 1000, alpha: 0.05 }) // 0.0607...
 */
export function ksCriticalValue({ referenceRows, currentRows, alpha }: KsCriticalValueInput): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`ksCriticalValue requires alpha between 0 and 1, got ${alpha}`);
  return upperQuantile(alpha) * Math.sqrt(inverseRowSum('ksCriticalValue', referenceRows, currentRows));
}

/** Bisection down to neighbouring doubles: the survival function falls from 1 to 0 between 0 and 20. */
function upperQuantile(alpha: number): number {
  let low = 0;
  let high = 20;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (kolmogorovSurvival(middle) > alpha) low = middle;
    else high = middle;
  }
}
