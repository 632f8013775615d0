import chiSquareCdf from '@stdlib/stats-base-dists-chisquare-cdf';

/**
 * Probability that a chi-square variable exceeds `statistic`: the upper-tail p-value, in [0, 1].
 * With 0 degrees of freedom the variable is always 0, so the p-value is 1 at statistic 0.
 * Computed as 1 - CDF, so absolute error is about 1e-15 and p-values below that come out as 0: do not rank by them.
 * Equals `scipy.stats.chi2.sf` within that error.
 * @throws RangeError  the statistic or the degrees of freedom is negative or NaN
 * @example chiSquarePValue(3.841458820694124, 1) // 0.05
 */
export function chiSquarePValue(statistic: number, degreesOfFreedom: number): number {
  if (!(statistic >= 0) || !(degreesOfFreedom >= 0)) {
    throw new RangeError(
      `chiSquarePValue requires a statistic and degrees of freedom of 0 or more, got ${statistic} and ${degreesOfFreedom}`,
    );
  }
  if (statistic === 0) return 1;
  return Math.min(1, Math.max(0, 1 - chiSquareCdf(statistic, degreesOfFreedom)));
}
