import type { Queryable } from '../../core/postgres/pool.js';
import { ALL_ROWS } from '../../core/reference/segments.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { type NamedWindow, namedWindows } from './named-windows.js';

const HOUR = 3_600;
const DAY = 86_400;
/** Midnight of every time zone in use lies on a multiple of a quarter of an hour. */
const ZONE_STEP = 900;

/**
 * Length of a version's shortest buckets, in seconds: that of its first bucket for good (two lengths would overlap), else
 * the longest that divides the setting and every window measured in time.
 */
export async function bucketSecondsOf(db: Queryable, version: ModelVersion, setting: number): Promise<number> {
  const { rows } = await db.query<{ bucketSeconds: number | null }>(
    // Of all rows there is a bucket wherever there is one of a segment; with the segment the primary key answers it.
    `select min(bucket_seconds) as "bucketSeconds" from summaries
      where model_name = $1 and model_version = $2 and segment = $3`,
    [version.modelName, version.modelVersion, ALL_ROWS],
  );
  const stored = rows[0]?.bucketSeconds;
  if (stored) return stored;
  return namedWindows(version.manifest.monitoring).reduce(
    (seconds, window) => greatestCommonDivisor(seconds, stepOf(window)),
    setting,
  );
}

/** What the bounds of a window are multiples of; 0 for one that closes by rows, which may end anywhere. */
function stepOf({ spec, reference }: NamedWindow): number {
  if ('rows' in spec) return 0;
  if (!('minutes' in spec)) return ZONE_STEP;
  return reference === 'frozen' ? spec.minutes * 60 : greatestCommonDivisor(spec.minutes * 60, ZONE_STEP);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Lengths in which rows are counted besides the shortest, ascending, so that a long window is a sum of few buckets. */
export function bucketLengths(shortest: number): number[] {
  return [shortest, ...[HOUR, DAY].filter((length) => length > shortest && length % shortest === 0)];
}

/** Neighbouring buckets of one length. Times are seconds since 1970; `to` is where the last one ends. */
export interface BucketRun {
  seconds: number;
  from: number;
  to: number;
}

/**
 * Covers [start, end) with the longest buckets that lie inside it, each instant once.
 * @param start, end  multiples of the shortest length
 */
export function coverRange(start: number, end: number, shortest: number): BucketRun[] {
  return cover(start, end, bucketLengths(shortest).reverse());
}

function cover(from: number, to: number, lengths: number[]): BucketRun[] {
  const [seconds, ...shorter] = lengths;
  if (from >= to || seconds === undefined) return [];
  const inner = { seconds, from: Math.ceil(from / seconds) * seconds, to: Math.floor(to / seconds) * seconds };
  if (inner.from >= inner.to) return cover(from, to, shorter);
  return [...cover(from, inner.from, shorter), inner, ...cover(inner.to, to, shorter)];
}
