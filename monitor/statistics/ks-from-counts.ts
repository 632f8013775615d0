import { type Counts, countRows } from './counts.js';

/** A Kolmogorov-Smirnov statistic known up to the bins: the exact D lies in [statistic, statistic + errorBound]. */
export interface BinnedKs {
  /** Largest difference of the distribution functions at the bin edges, in [0, 1]. */
  readonly statistic: number;
  /** How much larger the exact D can be, >= 0. */
  readonly errorBound: number;
}

/**
 * Two-sample Kolmogorov-Smirnov statistic from counts over shared, ordered bins, with the most by which it can fall
 * short of the exact D of the raw values. With P and Q the cumulative shares and p, q the shares of a bin,
 *   statistic  = max over bins of |P - Q| after the bin,
 *   exact D   <= max over bins of max(P_before + p - Q_before, Q_before + q - P_before),
 * the latter reached when one window's rows in the bin all precede the other's. So the bound is the tightest that
 * counts allow, and never above the largest share of a bin in either window. With 100 quantile bins of continuous values
 * that is about 0.01 without drift, and as much as the current window's fullest bin with it. Counts do not say that a
 * bin holds one value only, as that of an atom does (`quantileEdges`): its share is in the bound all the same, though
 * nothing is hidden in it. Where every bin with rows is such a one, `statistic` is the exact D.
 * A test on `statistic` alone errs towards no alarm.
 * @param reference  counts per bin in the order of the values, length >= 1; leave out bins without an order (missing)
 * @param current    counts in the same bins and order
 * @returns both NaN when a window is empty: nothing can be said, which is neither 0 nor 1
 * @throws RangeError  lengths differ, there is no bin, or a count is negative or not finite
 * @example ksFromCounts([2, 2], [1, 3]) // { statistic: 0.25, errorBound: 0.5 }
 */
export function ksFromCounts(reference: Counts, current: Counts): BinnedKs {
  const { referenceRows, currentRows } = countRows('ksFromCounts', reference, current, 1);
  if (referenceRows === 0 || currentRows === 0) return { statistic: Number.NaN, errorBound: Number.NaN };
  // In units of 1/(N*M), so that whole counts give whole differences without rounding.
  let difference = 0;
  let largest = 0;
  let upperBound = 0;
  for (let bin = 0; bin < reference.length; bin++) {
    const referenceStep = reference[bin]! * currentRows;
    const currentStep = current[bin]! * referenceRows;
    upperBound = Math.max(upperBound, difference + referenceStep, currentStep - difference);
    difference += referenceStep - currentStep;
    largest = Math.max(largest, Math.abs(difference));
  }
  const unit = referenceRows * currentRows;
  return { statistic: largest / unit, errorBound: (upperBound - largest) / unit };
}
