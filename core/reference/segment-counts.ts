import type { FeatureBatch } from '../inference/batch.js';
import { categoricalFeatures, type Manifest, numericFeatures } from '../manifest/manifest.js';
import type { SubjectColumn, SubjectProfile } from './profile.js';
import { createFindSegments, segmentNames } from './segments.js';

/** A part of the reference rows: how many, and their counts over the frozen cells of each subject, in the profile's order. */
export interface SegmentCounts {
  /** That features are counted on; predictions may be counted on others. */
  rows: number;
  counts: number[][];
}

/**
 * Counts the reference rows of every segment of the manifest, by its name; what a segment's live rows are compared with.
 * @param batches  the rows that features, and predictions, are counted on
 * @param columns  by subject, its values in the batch of its kind
 * @param countCells  counts a column over the cells of its subject
 */
export function countSegments(
  manifest: Pick<Manifest, 'features' | 'monitoring'>,
  batches: Record<SubjectProfile['kind'], FeatureBatch>,
  columns: { subject: SubjectProfile; column: SubjectColumn }[],
  countCells: (subject: SubjectProfile, column: SubjectColumn) => ArrayLike<number>,
): Record<string, SegmentCounts> {
  const feature = findRows(manifest, batches.feature);
  const prediction = batches.prediction === batches.feature ? feature : findRows(manifest, batches.prediction);
  const rows = { feature, prediction };
  const counted = segmentNames(manifest)
    .slice(1)
    .map((name, i): [string, SegmentCounts] => {
      const counts = columns.map(({ subject, column }) =>
        Array.from(countCells(subject, chooseRows(column, rows[column.kind][i + 1]!))),
      );
      return [name, { rows: feature[i + 1]!.length, counts }];
    });
  return Object.fromEntries(counted);
}

/** By segment, the rows of it, by index; none for all rows. */
function findRows(manifest: Pick<Manifest, 'features' | 'monitoring'>, batch: FeatureBatch): number[][] {
  const rows: number[][] = segmentNames(manifest).map(() => []);
  const width = numericFeatures(manifest).length;
  const texts = categoricalFeatures(manifest).length;
  const find = createFindSegments(manifest);
  for (let row = 0; row < batch.rows; row++) {
    const features = {
      numeric: batch.numeric.subarray(row * width, (row + 1) * width),
      categorical: batch.categorical.slice(row * texts, (row + 1) * texts),
    };
    for (const segment of find(features)) rows[segment]!.push(row);
  }
  return rows;
}

function chooseRows(column: SubjectColumn, rows: number[]): SubjectColumn {
  if ('texts' in column) return { ...column, texts: rows.map((row) => column.texts[row]!) };
  return { ...column, numbers: Float64Array.from(rows, (row) => column.numbers[row]!) };
}
