import { bucketLengths } from '../windows/bucket-lengths.js';

/** Something summed over a bucket, as an array whose elements add. */
export interface BucketSums {
  segment: string;
  /** Seconds since 1970. */
  bucketStart: number;
  rows: number;
  counts: Float64Array;
}

/** The same with the length of its bucket. */
export type LevelSums = BucketSums & { bucketSeconds: number };

/**
 * Adds what the shortest buckets hold up in buckets of every length. Ordered by segment, length and time, so that all
 * writers lock rows in the same order.
 */
export function rollUp(buckets: BucketSums[], shortest: number): LevelSums[] {
  const levels = bucketLengths(shortest).flatMap((bucketSeconds) => {
    const sums = new Map<string, LevelSums>();
    for (const { segment, bucketStart, rows, counts } of buckets) {
      const start = Math.floor(bucketStart / bucketSeconds) * bucketSeconds;
      const key = `${start} ${segment}`;
      const sum = sums.get(key);
      if (!sum) {
        sums.set(key, { segment, bucketSeconds, bucketStart: start, rows, counts: Float64Array.from(counts) });
        continue;
      }
      sum.rows += rows;
      for (let i = 0; i < counts.length; i++) sum.counts[i]! += counts[i]!;
    }
    return [...sums.values()];
  });
  return levels.sort(
    (a, b) =>
      (a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : 0) ||
      a.bucketSeconds - b.bucketSeconds ||
      a.bucketStart - b.bucketStart,
  );
}
