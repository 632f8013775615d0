import { inverseRowSum } from './inverse-row-sum.js';
import { kolmogorovSurvival } from './kolmogorov-survival.js';

/** A two-sample Kolmogorov-Smirnov statistic and the window sizes it was computed at. */
export interface KsPValueInput {
  /** D in [0, 1], or NaN where it could not be computed. */
  readonly statistic: number;
  readonly referenceRows: number;
  readonly currentRows: number;
}

/**
 * Two-sided p-value of D in the limit of large windows: upper tail of the Kolmogorov distribution at
 * D * sqrt(N*M / (N+M)), without a small-sample correction. In [0, 1]; NaN for a NaN statistic.
 * Equals `scipy.stats.kstwobign.sf(D * sqrt(N*M/(N+M)))` (scipy's own `ks_2samp(method='asymp')` uses the one-sample
 * distribution at the rounded effective size instead, which is a little smaller).
 * Too large for effective sizes under about 50 and for ties, so it errs towards no alarm: use `ksExactPValue` there.
 * @throws RangeError  D is outside [0, 1], a row count is not above 0, or both are infinite
 * @example ksAsymptoticPValue({ statistic: 0.1, referenceRows: 1000, currentRows: 500 }) // 0.0025...
 */
export function ksAsymptoticPValue({ statistic, referenceRows, currentRows }: KsPValueInput): number {
  if (Number.isNaN(statistic)) return Number.NaN;
  if (!(statistic >= 0 && statistic <= 1)) {
    throw new RangeError(`ksAsymptoticPValue requires a statistic between 0 and 1, got ${statistic}`);
  }
  return kolmogorovSurvival(statistic / Math.sqrt(inverseRowSum('ksAsymptoticPValue', referenceRows, currentRows)));
}
