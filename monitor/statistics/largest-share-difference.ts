import { type Counts, countRows } from './counts.js';

/**
 * Largest absolute difference of a category's share between two windows: max over categories of |p - q|, the
 * L-infinity (Chebyshev) distance of the shares. In [0, 1]; "0.15" is fifteen points. Equals the `infinity_norm` of
 * TensorFlow Data Validation and the `l_infinity` of NannyML.
 * Above 0 without drift: for a share s about sqrt(s * (1 - s) * (1/N + 1/M)), so ask for a test beside it. A change
 * spread thinly over many categories stays small: see the population stability index there.
 * @param reference  counts per category, length >= 1
 * @param current    counts of the same categories, in the same order
 * @returns NaN when a window is empty
 * @throws RangeError  lengths differ, there is no category, or a count is negative or not finite
 * @example largestShareDifference([10, 90], [30, 70]) // 0.2
 */
export function largestShareDifference(reference: Counts, current: Counts): number {
  const { referenceRows, currentRows } = countRows('largestShareDifference', reference, current, 1);
  if (referenceRows === 0 || currentRows === 0) return Number.NaN;
  let largest = 0;
  for (let category = 0; category < reference.length; category++) {
    largest = Math.max(largest, Math.abs(reference[category]! / referenceRows - current[category]! / currentRows));
  }
  return largest;
}
