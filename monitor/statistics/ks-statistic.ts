/**
 * Two-sample Kolmogorov-Smirnov statistic D: the largest absolute difference of the two empirical distribution
 * functions, max over x of |F_reference(x) - F_current(x)|. In [0, 1]; exact, ties included (compared after each
 * distinct value). Equals the statistic of `scipy.stats.ks_2samp` (1.17), two-sided. Unchanged by any strictly
 * increasing map of both samples. Sorts copies: O(n log n) time, 8 bytes a value. Infinite values are ordinary extremes.
 * Small samples give a large D without drift: read it beside `ksCriticalValue` or `ksPValue`.
 * @param reference  values in any order; drop missing ones first
 * @param current    values in any order
 * @returns D, or NaN when a sample is empty: nothing can be said, which is neither 0 nor 1
 * @throws RangeError  a value is NaN
 * @example ksStatistic([1.01, 2.01], [1, 2, 3]) // 1/3
 */
export function ksStatistic(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const x = sorted('reference', reference);
  const y = sorted('current', current);
  if (x.length === 0 || y.length === 0) return Number.NaN;
  let i = 0;
  let j = 0;
  let largest = 0;
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i]! === value) i++;
    while (j < y.length && y[j]! === value) j++;
    // In units of 1/(N*M), so that the difference is a whole number without rounding.
    largest = Math.max(largest, Math.abs(i * y.length - j * x.length));
  }
  return largest / (x.length * y.length);
}

function sorted(window: string, sample: ArrayLike<number>): Float64Array {
  const copy = Float64Array.from(sample).sort();
  // A typed array sorts NaN to its end.
  if (Number.isNaN(copy.at(-1))) {
    throw new RangeError(`ksStatistic requires numbers, got NaN in the ${window} sample: drop missing values first`);
  }
  return copy;
}
