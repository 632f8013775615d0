import type { Counts } from './counts.js';

/**
 * Quantile of a binned sample, values taken as spread evenly within their bin. Off by the width of the bin it falls in
 * at most. What falls in an open outer bin is taken at its edge.
 * @param edges   ascending, length B - 1; bin i is [edges[i - 1], edges[i]), the outer ones open
 * @param counts  counts per bin, length B
 * @param share   in [0, 1]
 * @returns NaN without rows or without edges
 * @throws RangeError  lengths do not fit or the share is outside [0, 1]
 * @example quantileFromCounts([0, 10], [0, 4, 0], 0.25) // 2.5
 */
export function quantileFromCounts(edges: ArrayLike<number>, counts: Counts, share: number): number {
  if (counts.length !== edges.length + 1) {
    throw new RangeError(
      `quantileFromCounts requires one bin more than edges, got ${counts.length} bins and ${edges.length} edges`,
    );
  }
  if (!(share >= 0 && share <= 1)) {
    throw new RangeError(`quantileFromCounts requires a share between 0 and 1, got ${share}`);
  }
  let rows = 0;
  for (let bin = 0; bin < counts.length; bin++) rows += counts[bin]!;
  if (rows === 0 || edges.length === 0) return Number.NaN;
  let before = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin]!;
    if (count > 0 && before + count >= share * rows) {
      const low = edges[Math.max(0, bin - 1)]!;
      const high = edges[Math.min(bin, edges.length - 1)]!;
      return low + (high - low) * ((share * rows - before) / count);
    }
    before += count;
  }
  return edges[edges.length - 1]!;
}
