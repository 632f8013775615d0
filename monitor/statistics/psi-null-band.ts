import chiSquareQuantile from '@stdlib/stats-base-dists-chisquare-quantile';
import { inverseRowSum } from './inverse-row-sum.js';

/** A comparison of two windows, and the share of windows without drift allowed above the band. */
export interface PsiNullBandInput {
  /** Rows in the reference window, or `Infinity` for a distribution known without sampling error. */
  readonly referenceRows: number;
  readonly currentRows: number;
  /** Bins B >= 2 the index was summed over. */
  readonly bins: number;
  /** Above 0, below 1: 0.01 gives the 99 % null band. */
  readonly alpha: number;
}

/**
 * The value that the population stability index of two windows without drift stays below with probability 1 - alpha:
 * q * (1/N + 1/M), q the (1 - alpha) quantile of chi-square with B - 1 degrees of freedom. In nats.
 * Source: Yurdakul & Naranjo 2020, Journal of Risk Model Validation (two samples); with `referenceRows: Infinity` the
 * fixed-base critical values of Yurdakul 2018.
 * Asymptotic. Misleads when the current window expects less than about 5 rows a bin: for bins of equal share it is then
 * too wide (fewer alarms than alpha). Bins that no row can fall in widen it too: leave them out of `bins`.
 * @throws RangeError  a row count is not above 0, both are infinite, B is not a whole number >= 2, or alpha is not
 *   between 0 and 1
 * @example psiNullBand({ referenceRows: 5000, currentRows: 500, bins: 10, alpha: 0.05 }) // 0.0372...
 */
export function psiNullBand({ referenceRows, currentRows, bins, alpha }: PsiNullBandInput): number {
  if (!(Number.isInteger(bins) && bins >= 2)) {
    throw new RangeError(`psiNullBand requires a whole number of bins, at least 2, got ${bins}`);
  }
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`psiNullBand requires alpha between 0 and 1, got ${alpha}`);
  return chiSquareQuantile(1 - alpha, bins - 1) * inverseRowSum('psiNullBand', referenceRows, currentRows);
}
