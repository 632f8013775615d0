import { quantileSorted } from 'simple-statistics';

const FINE_BINS = 100;
const COARSE_BINS = 10;
/** Up to so many distinct values, each seen about ten times or more, the subject is taken as discrete. */
const MOST_DISCRETE = 20;
const ROWS_PER_DISCRETE = 10;
/** A value seen less often than this is no atom, however few rows there are. */
const LEAST_ATOM_ROWS = 5;
/** What rounding may do to an atom without making it another value: single precision is good to 6e-8. */
const RELATIVE_TOLERANCE = 1e-6;
const TOLERANCE_AT_ZERO = 1e-12;

/**
 * Fine and coarse bin edges from a reference sample. Coarse bins are unions of neighbouring fine ones, so that one set
 * of counts serves PSI (coarse) and the binned Kolmogorov-Smirnov distance (fine).
 *
 * Fine edges are the percentiles (type 7 quantiles; with at most 20 distinct values, the values), duplicates merged.
 * Coarse edges are the deciles, moved to the closest fine edge. A value that repeats, an atom, gets bins of its own:
 * - one that holds a percent of the values or more is a fine bin [value - t, value + t), and one that holds a tenth is a
 *   coarse bin too, t being what rounding to single precision may do, and never as far as the next value;
 * - of a discrete sample (at most 20 distinct values, ten times as many rows) every value is a coarse bin.
 * The bins beside an atom are where values fall that the reference does not have: a zero that turns into -1, or a
 * constant that turns into another one, changes its bin. The first and the last fine bin lie below the least and above
 * the greatest value and are empty of the reference, so that they count what is out of its range.
 * @param values  reference values in any order; NaN is missing and left out. No values: no edges, one bin.
 * @returns edges ascending, at most 300 of them; for each of the edges.length + 1 fine bins its coarse bin, ascending
 */
export function quantileEdges(values: Float64Array): { edges: number[]; coarse: number[] } {
  const sorted = Array.from(values.filter((v) => !Number.isNaN(v)).sort());
  if (sorted.length === 0) return { edges: [], coarse: [0] };
  const distinct = [...new Set(sorted)];
  const few = distinct.length <= MOST_DISCRETE;
  const discrete = few && sorted.length >= ROWS_PER_DISCRETE * distinct.length;
  const atoms = findAtoms(sorted, distinct, discrete ? 1 : Math.max(LEAST_ATOM_ROWS, sorted.length / FINE_BINS));
  const heavy = discrete ? atoms : atoms.filter((atom) => atom.rows >= sorted.length / COARSE_BINS);

  const plain = few ? distinct.slice(1) : quantiles(sorted, FINE_BINS);
  const outside = plain.filter((edge) => !atoms.some((atom) => atom.from <= edge && edge < atom.to));
  const range = [sorted[0]! - toleranceOf(sorted[0]!), sorted.at(-1)! + toleranceOf(sorted.at(-1)!)];
  const edges = ascending([...outside, ...bounds(atoms), ...range.filter(Number.isFinite)]);
  const deciles = distinct.length <= COARSE_BINS ? plain : quantiles(sorted, COARSE_BINS);
  const starts = new Set([...nearest(edges, deciles), ...bounds(heavy)]);
  let bin = 0;
  return { edges, coarse: [0, ...edges.map((edge) => (starts.has(edge) ? ++bin : bin))] };
}

/** A value that repeats: its bin [from, to) holds no other value of the sample. */
interface Atom {
  from: number;
  to: number;
  rows: number;
}

function findAtoms(sorted: number[], distinct: number[], leastRows: number): Atom[] {
  const rows = new Map<number, number>();
  for (const value of sorted) rows.set(value, (rows.get(value) ?? 0) + 1);
  return distinct.flatMap((value, i) => {
    if (rows.get(value)! < leastRows) return [];
    const tolerance = toleranceOf(value);
    const from = Math.max(value - tolerance, middle(distinct[i - 1] ?? Number.NEGATIVE_INFINITY, value));
    const to = Math.min(value + tolerance, middle(value, distinct[i + 1] ?? Number.POSITIVE_INFINITY));
    return { from, to, rows: rows.get(value)! };
  });
}

function toleranceOf(value: number): number {
  return Math.max(Math.abs(value) * RELATIVE_TOLERANCE, TOLERANCE_AT_ZERO);
}

/** Halves first: the sum of two large values may overflow. */
function middle(a: number, b: number): number {
  return a / 2 + b / 2;
}

function bounds(atoms: Atom[]): number[] {
  return atoms.flatMap(({ from, to }) => [from, to]);
}

function ascending(edges: number[]): number[] {
  return [...new Set(edges)].sort((a, b) => a - b);
}

function quantiles(sorted: number[], bins: number): number[] {
  const edges = Array.from({ length: bins - 1 }, (_, i) => quantileSorted(sorted, (i + 1) / bins));
  // An edge at the smallest value would leave the first bin empty of the reference.
  return [...new Set(edges)].filter((edge) => edge > sorted[0]!);
}

/** Moves each coarse edge to the closest fine edge, so that coarse bins are unions of fine bins. */
function nearest(fine: number[], coarse: number[]): number[] {
  return coarse.map((edge) =>
    fine.reduce((best, f) => (Math.abs(f - edge) < Math.abs(best - edge) ? f : best), fine[0]!),
  );
}
