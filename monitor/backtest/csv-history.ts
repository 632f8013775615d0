import { readCsv } from '../../core/csv.js';
import type { FeatureBatch, PredictionBatch } from '../../core/inference/batch.js';
import { sliceBatch } from '../../core/inference/infer-all.js';
import { type Manifest, numericFeatures } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { type Problem, ProblemsError } from '../../core/problems.js';
import { readLabelledRows } from '../../core/project/reference.js';
import { countCells, type ReferenceProfile, subjectColumns } from '../../core/reference/profile.js';
import type { SubjectCounts } from '../windows/buckets.js';
import type { PastWindow } from './history.js';

/**
 * Reads the feature columns of a CSV in file order; the target and other columns may be there or not. A value may be
 * missing in any feature: whether that is too many is what a backtest finds out.
 * @throws ProblemsError  a feature has no column, or a cell is not of its type
 */
export async function readHistoryCsv(path: string, manifest: Manifest): Promise<FeatureBatch> {
  const table = await readCsv(path);
  const features = manifest.features.map((feature) => ({ ...feature, missing: true }));
  // An empty text is a text, and is counted as one.
  const inputs = manifest.inputs?.map((input) => (input.type === 'text' ? input : { ...input, missing: true }));
  // The reader asks for a target; any column does, and with no class to check against each value is one.
  const layout = {
    features,
    ...(inputs && { inputs }),
    target: (inputs ?? features)[0]!.name,
    task: 'multiclass',
    classes: [],
  } as const;
  const problems: Problem[] = [];
  const { instances } = readLabelledRows(table, { ...layout, classes: [] }, path, problems);
  if (problems.length > 0) throw new ProblemsError(path, problems);
  return encodeRows(manifest, instances);
}

/**
 * Windows of `rowsPerWindow` rows one after the other; what is left at the end is no window.
 * @param windowName  which of the configuration's windows they are
 * @param predictions  the model's answers to the rows; undefined to watch features only
 */
export function cutHistory(options: {
  windowName: string;
  manifest: Manifest;
  profile: ReferenceProfile;
  batch: FeatureBatch;
  predictions: PredictionBatch | undefined;
  rowsPerWindow: number;
}): PastWindow[] {
  const { windowName, manifest, profile, batch, predictions, rowsPerWindow } = options;
  return Array.from({ length: Math.floor(batch.rows / rowsPerWindow) }, (_, i) => {
    const [start, end] = [i * rowsPerWindow, (i + 1) * rowsPerWindow];
    const rows = sliceBatch(manifest, batch, start, end);
    return {
      windowName,
      label: `rows ${start + 1} to ${end}`,
      window: { start, end, rows: rowsPerWindow },
      counts: countBatch(manifest, profile, rows, predictions && slicePredictions(predictions, start, end)),
      reference: { profile, enough: true },
      sampleValues: async (names) => numericValues(manifest, rows, names),
    };
  });
}

/** Counts of a batch over the frozen cells; without predictions, of features only. */
export function countBatch(
  manifest: Manifest,
  profile: ReferenceProfile,
  batch: FeatureBatch,
  predictions: PredictionBatch | undefined,
): SubjectCounts[] {
  const columns = subjectColumns(manifest, batch, predictions ?? { rows: batch.rows });
  return profile.subjects.flatMap((subject) => {
    const column = columns.find(({ kind, name }) => kind === subject.kind && name === subject.name);
    if (!column) return [];
    return [{ kind: subject.kind, subject: subject.name, counts: Array.from(countCells(subject, column)) }];
  });
}

/** The answers to rows [start, end). */
export function slicePredictions(predictions: PredictionBatch, start: number, end: number): PredictionBatch {
  const { rows, labels, probabilities, values } = predictions;
  const width = (probabilities?.length ?? 0) / rows;
  return {
    rows: end - start,
    ...(labels && { labels: labels.slice(start, end) }),
    ...(probabilities && { probabilities: probabilities.slice(start * width, end * width) }),
    ...(values && { values: values.slice(start, end) }),
  };
}

function numericValues(manifest: Manifest, batch: FeatureBatch, names: string[]): Map<string, Float64Array> {
  const features = numericFeatures(manifest);
  return new Map(
    features.flatMap(({ name }, at) => {
      if (!names.includes(name)) return [];
      const values = Float64Array.from({ length: batch.rows }, (_, row) => batch.numeric[row * features.length + at]!);
      return [[name, values.filter((value) => !Number.isNaN(value))] as const];
    }),
  );
}
