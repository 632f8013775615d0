/** Cells of the grid between the first and the last edge. */
const GRID = 1_024;

/**
 * Makes a function with the answers of `binOf`, how many edges are at or below a value, some times faster: a grid of equal
 * cells between the first and the last edge says between which edges to look, mostly one or none. Each edge is put into
 * the cell that its own value would be looked up in, so that rounding cannot part them.
 * @param edges  ascending and distinct, any number
 */
export function createBinFinder(edges: readonly number[]): (value: number) => number {
  const sorted = Float64Array.from(edges);
  const first = sorted[0] ?? 0;
  const width = (sorted.at(-1) ?? 0) - first;
  // 0 puts all into one cell: for less than two edges, and for a range beyond what a double holds.
  const scale = width > 0 && Number.isFinite(GRID / width) && Number.isFinite(width) ? GRID / width : 0;
  const cellOf = (value: number): number => {
    const cell = (value - first) * scale;
    return cell >= GRID - 1 ? GRID - 1 : cell > 0 ? cell | 0 : 0;
  };
  const starts = new Int32Array(GRID + 1);
  for (const edge of sorted) starts[cellOf(edge) + 1]!++;
  for (let cell = 0; cell < GRID; cell++) starts[cell + 1]! += starts[cell]!;
  return (value) => {
    const cell = cellOf(value);
    let low = starts[cell]!;
    let high = starts[cell + 1]!;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}
