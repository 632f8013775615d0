import type { FeatureBatch, PredictionBatch } from '../inference/batch.js';
import type { Manifest } from '../manifest/manifest.js';
import { quantileEdges } from './edges.js';
import { countSegments, type SegmentCounts } from './segment-counts.js';

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
  /** In the order of the manifest; of more than 200 the most frequent ones, and `OTHER` last for the rest. */
  categories?: string[];
  /** Whether the last category is `OTHER`. */
  hasOther?: boolean;
  /** Categories that hold one reference row: as many new rows in N are expected to be of a category that none holds. */
  singletons?: number;
  /** Share of this feature in what moves the model's answers, in [0, 1]; see `permutationImportance`. */
  importance?: number;
  counts: number[];
}

/** The category that stands for all that have no cell of their own. */
export const OTHER = '__other__';
const MOST_CATEGORIES = 200;

/** The frozen reference of a model version. */
export interface ReferenceProfile {
  /** That features are counted on, and predictions where there is no `heldOutRows`. */
  rows: number;
  /** Rows that the model has not learned, the answers to which are the reference of its predictions. */
  heldOutRows?: number;
  subjects: SubjectProfile[];
  /** The parts of the rows that the manifest names, by name; absent without any. */
  segments?: Record<string, SegmentCounts>;
}

/** Number of cells of a subject, the length of every counts array for it. */
export function cellCount(subject: SubjectProfile): number {
  return subject.categories ? subject.categories.length + 2 : (subject.edges?.length ?? 0) + 2;
}

/**
 * Freezes the bins of reference rows and of a model's answers, and counts both.
 * @param predictions  the answers to `options.heldOut`; without it, to `batch`
 * @param options.importances  of the features, in manifest order, where they are known
 * @param options.heldOut  rows that the model has not learned: of those it has, it is surer than of any that will come
 * @throws RangeError on no rows
 */
export function buildReferenceProfile(
  manifest: Manifest,
  batch: FeatureBatch,
  predictions: PredictionBatch,
  options: { importances?: number[]; heldOut?: FeatureBatch } = {},
): ReferenceProfile {
  const { importances = [], heldOut } = options;
  if (batch.rows === 0) throw new RangeError('buildReferenceProfile requires at least one row');
  const columns = subjectColumns(manifest, batch, predictions);
  const subjects = columns.map((column, i): SubjectProfile => {
    const { kind, name } = column;
    const importance = kind === 'feature' ? importances[i] : undefined;
    const subject: SubjectProfile = {
      kind,
      name,
      ...('texts' in column ? frequentCategories(column) : quantileEdges(column.numbers)),
      ...(importance !== undefined && { importance }),
      counts: [],
    };
    return { ...subject, counts: Array.from(countCells(subject, column)) };
  });
  const profile = { rows: batch.rows, ...(heldOut && { heldOutRows: heldOut.rows }), subjects };
  if (!manifest.monitoring.segments) return profile;
  const counted = subjects.map((subject, i) => ({ subject, column: columns[i]! }));
  const batches = { feature: batch, prediction: heldOut ?? batch };
  return { ...profile, segments: countSegments(manifest, batches, counted, countCells) };
}

/** The categories that get a cell: all of them, or the most frequent where there are too many to keep count of. */
function frequentCategories(
  column: Extract<SubjectColumn, { texts: unknown }>,
): Pick<SubjectProfile, 'categories' | 'hasOther' | 'singletons'> {
  const rows = new Map<string, number>();
  for (const text of column.texts) if (text !== null) rows.set(text, (rows.get(text) ?? 0) + 1);
  let singletons = 0;
  for (const count of rows.values()) if (count === 1) singletons++;
  const { categories } = column;
  if (categories.length <= MOST_CATEGORIES) return { categories, singletons };
  const byRows = [...categories].sort((a, b) => (rows.get(b) ?? 0) - (rows.get(a) ?? 0));
  const kept = new Set(byRows.slice(0, MOST_CATEGORIES));
  return { categories: [...categories.filter((c) => kept.has(c)), OTHER], hasOther: true, singletons };
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
    const cellOf = categoryCells(subject, column.categories);
    for (const text of column.texts) counts[text === null ? counts.length - 1 : cellOf(text)]!++;
  } else {
    const edges = subject.edges ?? [];
    for (const value of column.numbers) counts[Number.isNaN(value) ? counts.length - 1 : binOf(edges, value)]!++;
  }
  return counts;
}

/**
 * Finds the cell of a category: its own, that of the others which the manifest knows, or "unseen".
 * @param known  all categories of the manifest
 */
export function categoryCells(subject: SubjectProfile, known: string[]): (text: string) => number {
  const categories = subject.categories ?? known;
  const own = subject.hasOther ? categories.slice(0, -1) : categories;
  const index = new Map(own.map((category, i) => [category, i]));
  const other = subject.hasOther ? new Set(known) : undefined;
  return (text) => index.get(text) ?? (other?.has(text) ? own.length : categories.length);
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
