import type { Column } from '../dataset.js';

/** Most bins of a feature, the one for missing values included. */
export const MOST_BINS = 255;

/** Bin 0 of every feature holds the missing values. */
export const MISSING_BIN = 0;

/** Bins of a numeric feature: value v is in bin i + 1 for the first i with v <= edges[i], else in bin edges.length + 1. */
export interface NumericEncoding {
  readonly name: string;
  readonly type: 'numeric';
  /** Ascending; float32, so that an exported model compares with the same numbers. */
  readonly edges: Float32Array;
}

/** Bins of a categorical feature: categories[i] is in bin i + 1; every other category counts as missing. */
export interface CategoricalEncoding {
  readonly name: string;
  readonly type: 'categorical';
  readonly categories: readonly string[];
}

/** How a feature's values become bins. */
export type FeatureEncoding = NumericEncoding | CategoricalEncoding;

/** Number of bins of a feature, the bin for missing values included. */
export function binCount(encoding: FeatureEncoding): number {
  return encoding.type === 'numeric' ? encoding.edges.length + 2 : encoding.categories.length + 1;
}

/**
 * Learns the bins of one column from the rows given.
 * Numeric: one bin per distinct float32 value where they fit, else bins of about equal row counts. Categorical: the most
 * frequent categories (ties in the column's order) that have at least `categoryRows` rows.
 */
export function fitEncoding(column: Column, rows: Int32Array, categoryRows: number): FeatureEncoding {
  if (column.type === 'numeric') {
    return { name: column.name, type: 'numeric', edges: fitEdges(column.values, rows) };
  }
  const counts = new Array<number>(column.categories.length).fill(0);
  for (const row of rows) {
    const code = column.codes[row]!;
    if (code >= 0) counts[code]!++;
  }
  const known = [...counts.keys()]
    .filter((code) => counts[code]! >= categoryRows && column.categories[code] !== '')
    .sort((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, MOST_BINS - 1);
  return { name: column.name, type: 'categorical', categories: known.map((code) => column.categories[code]!) };
}

function fitEdges(values: Float64Array, rows: Int32Array): Float32Array {
  const sorted = new Float32Array(rows.length);
  let size = 0;
  for (const row of rows) if (!Number.isNaN(values[row]!)) sorted[size++] = values[row]!;
  const present = sorted.subarray(0, size).sort();
  let distinct = size > 0 ? 1 : 0;
  for (let i = 1; i < size; i++) if (present[i] !== present[i - 1]) distinct++;
  // A bin is closed once it holds its share of the rows not yet binned, so frequent values do not starve the rest.
  let binsLeft = Math.min(distinct, MOST_BINS - 1);
  const oneBinEach = distinct <= MOST_BINS - 1;
  const edges: number[] = [];
  let begin = 0;
  for (let i = 1; i < size && binsLeft > 1; i++) {
    if (present[i] === present[i - 1]) continue;
    if (!oneBinEach && i - begin < (size - begin) / binsLeft) continue;
    edges.push(edgeBetween(present[i - 1]!, present[i]!));
    begin = i;
    binsLeft--;
  }
  return Float32Array.from(edges);
}

/** The float32 nearest the middle that is >= low and < high; `low` itself where the two are neighbours or infinite. */
function edgeBetween(low: number, high: number): number {
  const middle = Math.fround(low / 2 + high / 2);
  return middle >= low && middle < high ? middle : low;
}
