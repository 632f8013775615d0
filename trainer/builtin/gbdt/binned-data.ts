import type { CategoricalColumn, Column, Dataset } from '../dataset.js';
import { binCount, type FeatureEncoding, fitEncoding, MISSING_BIN } from './encoding.js';

/** A dataset whose feature values are replaced by their bins. */
export interface BinnedData {
  readonly encodings: readonly FeatureEncoding[];
  /** One array a feature, one bin a row. */
  readonly bins: readonly Uint8Array[];
  /** Where a feature's bins begin among the bins of all features; one more entry than features, the last is the total. */
  readonly offsets: Int32Array;
}

/** Learns the bins from `rows` and bins every row of the dataset. */
export function binDataset(dataset: Dataset, rows: Int32Array, categoryRows: number): BinnedData {
  const encodings = dataset.columns.map((column) => fitEncoding(column, rows, categoryRows));
  const offsets = new Int32Array(encodings.length + 1);
  encodings.forEach((encoding, feature) => {
    offsets[feature + 1] = offsets[feature]! + binCount(encoding);
  });
  return { encodings, offsets, bins: dataset.columns.map((column, feature) => binColumn(column, encodings[feature]!)) };
}

function binColumn(column: Column, encoding: FeatureEncoding): Uint8Array {
  if (column.type === 'numeric' && encoding.type === 'numeric') {
    return Uint8Array.from(column.values, (value) => numericBin(value, encoding.edges));
  }
  if (column.type === 'categorical' && encoding.type === 'categorical') {
    const binOfCode = categoryBins(column, encoding.categories);
    return Uint8Array.from(column.codes, (code) => (code < 0 ? MISSING_BIN : binOfCode[code]!));
  }
  throw new TypeError(
    `binColumn: feature "${column.name}" is ${column.type}, the model was fitted to ${encoding.type}`,
  );
}

/** The bin of each code of a column whose categories may be listed in another order than the model's, or be new to it. */
export function categoryBins(column: CategoricalColumn, known: readonly string[]): Uint8Array {
  const binOfCategory = new Map(known.map((category, index) => [category, index + 1]));
  return Uint8Array.from(column.categories, (category) => binOfCategory.get(category) ?? MISSING_BIN);
}

function numericBin(value: number, edges: Float32Array): number {
  if (Number.isNaN(value)) return MISSING_BIN;
  const rounded = Math.fround(value);
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rounded <= edges[middle]!) high = middle;
    else low = middle + 1;
  }
  return low + 1;
}
