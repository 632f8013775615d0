import type { FeatureBatch, PredictionBatch } from '../inference/batch.js';
import type { Manifest } from '../manifest/manifest.js';
import { quantileEdges } from './edges.js';

/**
 * A feature, or an aspect of the predictions, as it was in the reference window: frozen bins and their counts.
 * Cells: numeric, `edges.length + 1` bins (bin i is [edges[i-1], edges[i]), the outer ones open) and then missing;
 * categorical, one a category in order, then unseen, then missing.
 */
export interface SubjectProfile {
  kind: 'feature' | 'prediction';
  /** Feature name; for predictions `class`, `score` (probability of the answered class) or `value`. */
  name: string;
  /** Fine edges, ascending and distinct; absent for a categorical subject. */
  edges?: number[];
  /** For each fine bin, its coarse bin in which PSI is computed: about ten of them, more where values repeat. */
  coarse?: number[];
  categories?: string[];
  counts: number[];
}

/** The frozen reference of a model version. */
export interface ReferenceProfile {
  rows: number;
  subjects: SubjectProfile[];
}

/** Number of cells of a subject, the length of every counts array for it. */
export function cellCount(subject: SubjectProfile): number {
  return subject.categories ? subject.categories.length + 2 : (subject.edges?.length ?? 0) + 2;
}

/** Freezes the bins of reference rows and the champion's answers to them, and counts both. @throws RangeError on no rows */
export function buildReferenceProfile(
  manifest: Manifest,
  batch: FeatureBatch,
  predictions: PredictionBatch,
): ReferenceProfile {
  if (batch.rows === 0) throw new RangeError('buildReferenceProfile requires at least one row');
  const columns = subjectColumns(manifest, batch, predictions);
  const subjects = columns.map((column): SubjectProfile => {
    const { kind, name } = column;
    const subject: SubjectProfile =
      'texts' in column
        ? { kind, name, categories: column.categories, counts: [] }
        : { kind, name, ...quantileEdges(column.numbers), counts: [] };
    return { ...subject, counts: Array.from(countCells(subject, column)) };
  });
  return { rows: batch.rows, subjects };
}

/** The values of one subject in a batch, in row order. */
export type SubjectColumn = { kind: 'feature' | 'prediction'; name: string } & (
  | { numbers: Float64Array }
  | { texts: (string | null)[]; categories: string[] }
);

/** Predictions as answered, or as read back from storage, where a row may have no label (null). */
export type WatchedPredictions = Omit<PredictionBatch, 'labels'> & { labels?: (string | null)[] };

/** Splits a batch and its predictions into the columns that are watched, in the order of the profile's subjects. */
export function subjectColumns(
  manifest: Manifest,
  batch: FeatureBatch,
  predictions: WatchedPredictions,
): SubjectColumn[] {
  const columns: SubjectColumn[] = [];
  const texts = manifest.features.filter((f) => f.type === 'categorical').length;
  const numbers = manifest.features.length - texts;
  let n = 0;
  let c = 0;
  for (const feature of manifest.features) {
    if (feature.type === 'categorical') {
      const at = c++;
      const values = Array.from({ length: batch.rows }, (_, row) => batch.categorical[row * texts + at] ?? null);
      columns.push({ kind: 'feature', name: feature.name, texts: values, categories: feature.categories });
    } else {
      const values = new Float64Array(batch.rows);
      const at = n++;
      for (let row = 0; row < batch.rows; row++) values[row] = batch.numeric[row * numbers + at]!;
      columns.push({ kind: 'feature', name: feature.name, numbers: values });
    }
  }
  return columns.concat(predictionColumns(manifest, predictions));
}

function predictionColumns(manifest: Manifest, predictions: WatchedPredictions): SubjectColumn[] {
  const { rows, labels, probabilities, values } = predictions;
  const columns: SubjectColumn[] = [];
  if (values) columns.push({ kind: 'prediction', name: 'value', numbers: Float64Array.from(values) });
  if (labels) columns.push({ kind: 'prediction', name: 'class', texts: labels, categories: manifest.classes });
  if (labels && probabilities) {
    const width = manifest.classes.length;
    const positive = manifest.task === 'binary' ? manifest.classes.indexOf(manifest.positiveClass ?? '') : -1;
    const scores = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      const at = positive === -1 ? manifest.classes.indexOf(labels[row] ?? '') : positive;
      scores[row] = at === -1 ? Number.NaN : probabilities[row * width + at]!;
    }
    columns.push({ kind: 'prediction', name: 'score', numbers: scores });
  }
  return columns;
}

/** Counts a column into the frozen cells of its subject. The result has `cellCount(subject)` entries. */
export function countCells(subject: SubjectProfile, column: SubjectColumn): Float64Array {
  const counts = new Float64Array(cellCount(subject));
  if ('texts' in column) {
    const index = new Map(column.categories.map((category, i) => [category, i]));
    const unseen = counts.length - 2;
    for (const text of column.texts) counts[text === null ? counts.length - 1 : (index.get(text) ?? unseen)]!++;
  } else {
    const edges = subject.edges ?? [];
    for (const value of column.numbers) counts[Number.isNaN(value) ? counts.length - 1 : binOf(edges, value)]!++;
  }
  return counts;
}

/** The bin of a value: how many edges are at or below it (binary search). */
export function binOf(edges: number[], value: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
