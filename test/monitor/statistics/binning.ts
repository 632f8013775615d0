/** Inner edges of `bins` quantile bins of a sample, ascending, equal edges merged: what a frozen reference stores. */
export function quantileEdges(sample: readonly number[], bins: number): number[] {
  const sorted = [...sample].sort((a, b) => a - b);
  const edges: number[] = [];
  for (let bin = 1; bin < bins; bin++) {
    const edge = sorted[Math.floor((bin * sorted.length) / bins)]!;
    if (edges.at(-1) !== edge && edge !== sorted[0]) edges.push(edge);
  }
  return edges;
}

/** Rows in each bin: below the first edge, [edge, next edge), and from the last edge up. */
export function countInto(edges: readonly number[], sample: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of sample) {
    let bin = 0;
    let end = edges.length;
    while (bin < end) {
      const middle = (bin + end) >> 1;
      if (value < edges[middle]!) end = middle;
      else bin = middle + 1;
    }
    counts[bin]!++;
  }
  return counts;
}
