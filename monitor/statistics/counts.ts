/** Rows per bin, in bin order; bins are shared by the two windows compared. Any array-like of numbers >= 0. */
export type Counts = ArrayLike<number>;

/** Total rows of each window. */
export interface WindowRows {
  readonly referenceRows: number;
  readonly currentRows: number;
}

/**
 * Rows in each of two windows binned alike, after checking that they can be compared. An empty window gives 0 rows.
 * @param caller  name of the statistic, put first in the error message
 * @throws RangeError  lengths differ, fewer than `minimumBins` bins, or a count is negative, infinite or NaN
 */
export function countRows(caller: string, reference: Counts, current: Counts, minimumBins: number): WindowRows {
  if (reference.length !== current.length) {
    throw new RangeError(
      `${caller} requires the same bins in both windows, got ${reference.length} reference and ${current.length} current bins`,
    );
  }
  if (reference.length < minimumBins) {
    throw new RangeError(`${caller} requires at least ${minimumBins} bins, got ${reference.length}`);
  }
  return {
    referenceRows: sumOfCounts(caller, 'reference', reference),
    currentRows: sumOfCounts(caller, 'current', current),
  };
}

function sumOfCounts(caller: string, window: string, counts: Counts): number {
  let rows = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin]!;
    if (!(count >= 0 && count < Infinity)) {
      throw new RangeError(
        `${caller} requires counts that are finite and not negative, got ${count} in ${window} bin ${bin}`,
      );
    }
    rows += count;
  }
  return rows;
}
