/** Rows handled in one turn of the event loop: a few milliseconds of formatting or checking at most. */
const SLICE_ROWS = 256;

/**
 * Calls `work` for rows [start, end), a slice at a time and in order, giving the event loop a turn between slices, so
 * that one large request cannot hold up small ones. Up to 256 rows are done at once, before this returns.
 */
export async function inSlices(rows: number, work: (start: number, end: number) => void): Promise<void> {
  for (let start = 0; start < rows; start += SLICE_ROWS) {
    if (start > 0) await new Promise(setImmediate);
    work(start, Math.min(start + SLICE_ROWS, rows));
  }
}
