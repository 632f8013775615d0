import { numericFeatures } from '../../core/manifest/manifest.js';
import type { Client, Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { lockPerformance } from '../performance/lock-performance.js';
import type { BucketCounts } from '../summarise/fold.js';
import { type BucketQuality, emptyQuality } from './fold-quality.js';
import { mergeSample } from './row-sample.js';

/** Buckets read at once, so that a window of months fits in memory. */
const PAGE_BUCKETS = 500;

interface StoredQuality {
  start: number;
  outOfRange: number[];
  minimums: number[];
  maximums: number[];
  level: number;
  hashes: number[];
  counts: number[];
}

/** Adds the quality of folded rows to the stored one of their buckets; windows that change are computed again. */
export async function addQuality(client: Client, version: ModelVersion, buckets: BucketCounts[]): Promise<void> {
  const changed = buckets.flatMap(({ bucketStart, quality }) => (quality ? [{ bucketStart, quality }] : []));
  if (changed.length === 0) return;
  const { modelName, modelVersion } = version;
  const key = [modelName, modelVersion];
  const starts = changed.map(({ bucketStart }) => bucketStart);
  await lockPerformance(client, modelName);
  const stored = await loadQuality(client, version, {
    condition: 'extract(epoch from bucket_start) = any($4::float8[])',
    values: [starts],
  });
  const merged = changed.map(({ bucketStart, quality }) => {
    const before = stored.find(({ start }) => start === bucketStart);
    if (before) addTo(quality, toQuality(before));
    return { bucketStart, quality };
  });
  const texts = (pick: (quality: BucketQuality) => Iterable<number>): string[] =>
    merged.map(({ quality }) => `{${Array.from(pick(quality), String).join(',')}}`);
  await client.query(
    `insert into quality_summaries (model_name, model_version, bucket_start, out_of_range, minimums, maximums,
       sample_level, sample_hashes, sample_counts)
     select $1, $2, to_timestamp(start), out_of_range::bigint[], minimums::float8[], maximums::float8[], level,
            hashes::bigint[], counts::bigint[]
       from unnest($3::float8[], $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[])
         as q (start, out_of_range, minimums, maximums, level, hashes, counts)
     on conflict (model_name, model_version, bucket_start) do update
        set out_of_range = excluded.out_of_range, minimums = excluded.minimums, maximums = excluded.maximums,
            sample_level = excluded.sample_level, sample_hashes = excluded.sample_hashes,
            sample_counts = excluded.sample_counts`,
    [
      ...key,
      starts,
      texts((quality) => quality.outOfRange),
      texts((quality) => quality.minimums),
      texts((quality) => quality.maximums),
      merged.map(({ quality }) => quality.sample.level),
      texts((quality) => quality.sample.counts.keys()),
      texts((quality) => quality.sample.counts.values()),
    ],
  );
  await client.query(
    `delete from quality_windows w
      where model_name = $1 and model_version = $2
        and exists (select from unnest($3::float8[]) as start
                     where to_timestamp(start) >= w.window_start and to_timestamp(start) < w.window_end)`,
    [...key, starts],
  );
}

/** Quality of the rows of a window. Times are seconds since 1970. */
export async function loadWindowQuality(
  db: Queryable,
  version: ModelVersion,
  window: { start: number; end: number },
): Promise<BucketQuality> {
  const page = `bucket_start >= to_timestamp($4) and bucket_start < to_timestamp($5) order by bucket_start limit ${PAGE_BUCKETS}`;
  const total = emptyQuality(numericFeatures(version.manifest).length);
  for (let from: number | undefined = window.start; from !== undefined; ) {
    const buckets = await loadQuality(db, version, {
      condition: page,
      values: [from, window.end],
      level: total.sample.level,
    });
    for (const bucket of buckets) addTo(total, toQuality(bucket));
    from = buckets.length === PAGE_BUCKETS ? buckets.at(-1)!.start + 1 : undefined;
  }
  return total;
}

/** @param options.level  of the sample that they are added to, which would drop the other hashes */
async function loadQuality(
  db: Queryable,
  { modelName, modelVersion }: ModelVersion,
  { condition, values, level = 0 }: { condition: string; values: unknown[]; level?: number },
): Promise<StoredQuality[]> {
  const { rows } = await db.query<StoredQuality>(
    `select extract(epoch from bucket_start)::float8 as start, out_of_range as "outOfRange", minimums, maximums,
            sample_level as level, sampled.hashes, sampled.counts
       from quality_summaries
      cross join lateral (
        select coalesce(array_agg(hash), '{}') as hashes, coalesce(array_agg(count), '{}') as counts
          from unnest(sample_hashes, sample_counts) as row (hash, count) where hash % $3 = 0) sampled
      where model_name = $1 and model_version = $2 and ${condition}`,
    [modelName, modelVersion, 2 ** level, ...values],
  );
  return rows;
}

function toQuality({ outOfRange, minimums, maximums, level, hashes, counts }: StoredQuality): BucketQuality {
  return {
    outOfRange: Float64Array.from(outOfRange),
    minimums: Float64Array.from(minimums),
    maximums: Float64Array.from(maximums),
    sample: { level, counts: new Map(hashes.map((hash, i) => [hash, counts[i]!])) },
  };
}

function addTo(into: BucketQuality, other: BucketQuality): void {
  other.outOfRange.forEach((count, i) => {
    into.outOfRange[i]! += count;
    into.minimums[i] = Math.min(into.minimums[i]!, other.minimums[i]!);
    into.maximums[i] = Math.max(into.maximums[i]!, other.maximums[i]!);
  });
  mergeSample(into.sample, other.sample);
}
