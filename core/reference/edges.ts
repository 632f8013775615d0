import { quantileSorted } from 'simple-statistics';

const FINE_BINS = 100;
const COARSE_BINS = 10;

/**
 * Fine and coarse bin edges from a reference sample: its percentiles (type 7 quantiles), duplicates merged; with at
 * most 20 distinct values, an edge at each. Coarse bins are unions of fine ones along the deciles, so that one set of
 * counts serves PSI (coarse) and the binned Kolmogorov-Smirnov distance (fine).
 * @param values  reference values in any order; NaN is missing and left out. No values: no edges, one bin.
 * @returns edges ascending, and for each of the edges.length + 1 fine bins its coarse bin
 */
export function quantileEdges(values: Float64Array): { edges: number[]; coarse: number[] } {
  const sorted = values.filter((v) => !Number.isNaN(v)).sort();
  if (sorted.length === 0) return { edges: [], coarse: [0] };
  const distinct = [...new Set(sorted)];
  const fine = distinct.length <= 20 ? distinct.slice(1) : quantiles(sorted, FINE_BINS);
  const deciles = distinct.length <= COARSE_BINS ? fine : nearest(fine, quantiles(sorted, COARSE_BINS));
  const starts = new Set(deciles);
  let bin = 0;
  const coarse = [0, ...fine.map((edge) => (starts.has(edge) ? ++bin : bin))];
  return { edges: fine, coarse };
}

function quantiles(sorted: Float64Array, bins: number): number[] {
  const array = Array.from(sorted);
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantileSorted(array, (i + 1) / bins));
  // An edge at the smallest value would leave the first bin empty of the reference.
  return [...new Set(edges)].filter((edge) => edge > array[0]!);
}

/** Moves each coarse edge to the closest fine edge, so that coarse bins are unions of fine bins. */
function nearest(fine: number[], coarse: number[]): number[] {
  return coarse.map((edge) =>
    fine.reduce((best, f) => (Math.abs(f - edge) < Math.abs(best - edge) ? f : best), fine[0]!),
  );
}
