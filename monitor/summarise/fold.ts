import { createFindSegments, segmentNames } from '../../core/reference/segments.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { type BucketQuality, createAddQuality, emptyQuality } from '../quality/fold-quality.js';
import { createExpectation } from './expectation.js';
import { cellOffsets, createFindCells } from './find-cells.js';
import type { LiveRow } from './live-rows.js';

/** Counts of the rows of one segment in one event-time bucket. */
export interface BucketCounts {
  segment: string;
  /** Seconds since 1970. */
  bucketStart: number;
  rows: number;
  /** Over the frozen cells of all subjects. */
  counts: Float64Array;
  /** What is expected of the rows' performance, in the units of `core/performance/sums.ts`; empty where nothing is. */
  expected: Float64Array;
  /** Of all rows only, not of a segment. */
  quality?: BucketQuality;
}

/** Counts rows, one after the other, in memory that grows with buckets and segments and not with rows. */
export interface Fold {
  add(row: LiveRow): void;
  /** How many counts arrays there are. */
  size(): number;
  /** What was counted since the last call. */
  take(): BucketCounts[];
}

/** Makes an empty fold over the buckets of a version. @throws Error when rows hold nothing to watch a subject by */
export function createFold(
  version: Pick<ModelVersion, 'manifest' | 'referenceProfile' | 'referencePerformance'>,
  bucketSeconds: number,
): Fold {
  const { manifest, referenceProfile } = version;
  const names = segmentNames(manifest);
  const findCells = createFindCells(manifest, referenceProfile);
  const findSegments = createFindSegments(manifest);
  const cells = new Int32Array(referenceProfile.subjects.length);
  const expectation = createExpectation(version);
  const addQuality = createAddQuality(manifest);
  const width = cellOffsets(referenceProfile).at(-1)!;
  let buckets = names.map(() => new Map<number, BucketCounts>());
  const bucketOf = (segment: number, bucketStart: number): BucketCounts => {
    let bucket = buckets[segment]!.get(bucketStart);
    if (!bucket) {
      const expected = new Float64Array(expectation?.length ?? 0);
      bucket = { segment: names[segment]!, bucketStart, rows: 0, counts: new Float64Array(width), expected };
      buckets[segment]!.set(bucketStart, bucket);
    }
    return bucket;
  };
  const count = (row: LiveRow, segment: number, bucketStart: number): BucketCounts => {
    const bucket = bucketOf(segment, bucketStart);
    bucket.rows++;
    for (let i = 0; i < cells.length; i++) bucket.counts[cells[i]!]!++;
    expectation?.add(bucket.expected, row);
    return bucket;
  };
  return {
    add: (row) => {
      const bucketStart = Math.floor(row.requestedAt / bucketSeconds) * bucketSeconds;
      findCells(row, cells);
      const whole = count(row, 0, bucketStart);
      whole.quality ??= emptyQuality(row.numeric.length);
      addQuality(whole.quality, row);
      for (const segment of findSegments(row)) count(row, segment, bucketStart);
    },
    size: () => buckets.reduce((sum, bySegment) => sum + bySegment.size, 0),
    take: () => {
      const taken = buckets.flatMap((bySegment) => [...bySegment.values()]);
      buckets = names.map(() => new Map());
      return taken;
    },
  };
}
