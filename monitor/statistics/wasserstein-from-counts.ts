import { type Counts, countRows } from './counts.js';

/** A Wasserstein distance known up to the bins: the exact one lies within `errorBound` of `distance`. */
export interface BinnedWasserstein {
  /** In the unit of the values, >= 0. */
  readonly distance: number;
  /** Infinite where an open outer bin holds rows: how far out they lie is not in the counts. */
  readonly errorBound: number;
}

/**
 * Wasserstein-1 distance of two samples from counts over shared bins: the integral of |F_reference - F_current|, the
 * difference taken as linear within a bin. It is exact at the edges, and within a bin of width w and shares p and q off
 * by at most w * max(p, q) (both functions are monotone), so `errorBound` is the sum of these.
 * Rows in the open outer bins are taken at the nearest edge: with them `distance` is that of values clipped to the edges,
 * which one outlier cannot move, and `errorBound` is infinite.
 * @param edges      ascending, length B - 1
 * @param reference  counts per bin, length B, leave out bins without an order (missing)
 * @param current    counts in the same bins and order
 * @returns both NaN when a window is empty or there is no edge
 * @throws RangeError  lengths do not fit, or a count is negative or not finite
 * @example wassersteinFromCounts([0, 1, 2], [0, 4, 0, 0], [0, 0, 4, 0]) // { distance: 1, errorBound: 2 }
 */
export function wassersteinFromCounts(edges: ArrayLike<number>, reference: Counts, current: Counts): BinnedWasserstein {
  const { referenceRows, currentRows } = countRows('wassersteinFromCounts', reference, current, 1);
  if (reference.length !== edges.length + 1) {
    throw new RangeError(
      `wassersteinFromCounts requires one bin more than edges, got ${reference.length} bins and ${edges.length} edges`,
    );
  }
  if (referenceRows === 0 || currentRows === 0 || edges.length === 0) {
    return { distance: Number.NaN, errorBound: Number.NaN };
  }
  const last = edges.length;
  const isOpen = reference[0]! + current[0]! + reference[last]! + current[last]! > 0;
  let distance = 0;
  let errorBound = isOpen ? Infinity : 0;
  let difference = reference[0]! / referenceRows - current[0]! / currentRows;
  for (let bin = 1; bin < last; bin++) {
    const width = edges[bin]! - edges[bin - 1]!;
    const p = reference[bin]! / referenceRows;
    const q = current[bin]! / currentRows;
    const next = difference + p - q;
    distance += width * meanAbsolute(difference, next);
    errorBound += width * Math.max(p, q);
    difference = next;
  }
  return { distance, errorBound };
}

/** Mean of |d| where d goes from a to b in a straight line. */
function meanAbsolute(a: number, b: number): number {
  if (a * b >= 0) return Math.abs(a + b) / 2;
  return (a * a + b * b) / (2 * Math.abs(a - b));
}
