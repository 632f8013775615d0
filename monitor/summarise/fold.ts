import { decodeStoredRows } from '../../core/inference/stored-rows.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import {
  countCells,
  type ReferenceProfile,
  subjectColumns,
  type WatchedPredictions,
} from '../../core/reference/profile.js';
import type { LiveRow } from './live-rows.js';

/** Counts of one subject in one event-time bucket, over the frozen cells of the reference. */
export interface BucketCounts {
  /** Seconds since 1970. */
  bucketStart: number;
  kind: 'feature' | 'prediction';
  subject: string;
  counts: number[];
}

/** Folds rows into counts per bucket and subject, ordered by bucket so that all writers lock in the same order. */
export function foldRows(manifest: Manifest, profile: ReferenceProfile, rows: LiveRow[]): BucketCounts[] {
  const buckets = new Map<number, LiveRow[]>();
  for (const row of rows) {
    const bucket = buckets.get(row.bucketStart);
    if (bucket) bucket.push(row);
    else buckets.set(row.bucketStart, [row]);
  }
  const starts = [...buckets.keys()].sort((a, b) => a - b);
  return starts.flatMap((bucketStart) => foldBucket(manifest, profile, bucketStart, buckets.get(bucketStart)!));
}

function foldBucket(
  manifest: Manifest,
  profile: ReferenceProfile,
  bucketStart: number,
  rows: LiveRow[],
): BucketCounts[] {
  const columns = subjectColumns(manifest, decodeStoredRows(manifest, rows), toPredictions(manifest, rows));
  return profile.subjects.map((subject) => {
    const { kind, name } = subject;
    const column = columns.find((c) => c.kind === kind && c.name === name);
    if (!column) throw new Error(`${manifest.name}: the reference profile watches ${kind} "${name}", no row holds it`);
    return { bucketStart, kind, subject: name, counts: Array.from(countCells(subject, column)) };
  });
}

/** Rounds to single precision as the model answered, so that a value on a bin edge falls on the reference's side. */
function toPredictions(manifest: Manifest, rows: LiveRow[]): WatchedPredictions {
  const values = Float32Array.from(rows, (row) => row.value ?? Number.NaN);
  if (manifest.task === 'regression') return { rows: rows.length, values };
  const width = manifest.classes.length;
  const probabilities = new Float32Array(rows.length * width).fill(Number.NaN);
  rows.forEach((row, r) => {
    for (let i = 0; i < width; i++) probabilities[r * width + i] = row.scores?.[i] ?? Number.NaN;
  });
  return { rows: rows.length, labels: rows.map((row) => row.label), probabilities };
}
