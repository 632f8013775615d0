import { bucketLengths } from '../windows/bucket-lengths.js';

/** Something summed over a bucket, as an array whose elements add. */
export interface BucketSums {
  segment: string;
  /** Seconds since 1970. */
  bucketStart: number;
  sums: Float64Array;
}

/** The same with the length of its bucket. */
export type LevelSums = BucketSums & { bucketSeconds: number };

/**
 * Adds what the shortest buckets hold up in buckets of every length. Ordered by segment, length and time, so that all
 * writers lock rows in the same order.
 */
export function rollUp(buckets: BucketSums[], shortest: number): LevelSums[] {
  const levels = bucketLengths(shortest).flatMap((bucketSeconds) => {
    const byBucket = new Map<string, LevelSums>();
    for (const { segment, bucketStart, sums } of buckets) {
      const start = Math.floor(bucketStart / bucketSeconds) * bucketSeconds;
      const key = `${start} ${segment}`;
      const sum = byBucket.get(key);
      if (!sum) {
        byBucket.set(key, { segment, bucketSeconds, bucketStart: start, sums: Float64Array.from(sums) });
        continue;
      }
      for (let i = 0; i < sums.length; i++) sum.sums[i]! += sums[i]!;
    }
    return [...byBucket.values()];
  });
  return levels.sort(
    (a, b) =>
      (a.segment < b.segment ? -1 : a.segment > b.segment ? 1 : 0) ||
      a.bucketSeconds - b.bucketSeconds ||
      a.bucketStart - b.bucketStart,
  );
}
