import { type SumsLayout, sumsLayout } from '../../core/performance/layout.js';
import { toAmounts } from '../../core/performance/sums.js';
import type { Client, Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { BucketCounts } from '../summarise/fold.js';
import { rollUp } from '../summarise/roll-up.js';
import { bucketLengths, coverRange } from '../windows/bucket-lengths.js';
import { lockPerformance } from './lock-performance.js';

/** Served: all live rows with the truth that is expected of them. Labelled: those whose outcome is known. */
export type SumsKind = 'served' | 'labelled';

/** Whole units by slot of one segment in one bucket. */
export interface BucketUnits {
  segment: string;
  bucketSeconds: number;
  /** Seconds since 1970. */
  bucketStart: number;
  /** A slot each, as text: they may be beyond what a number holds. */
  units: string[];
}

/** Adds what is expected of folded rows. */
export async function addExpectedSums(
  client: Client,
  version: ModelVersion,
  bucketSeconds: number,
  buckets: BucketCounts[],
): Promise<void> {
  if (buckets.length === 0 || buckets[0]!.expected.length === 0) return;
  const levels = rollUp(
    buckets.map((bucket) => ({ ...bucket, sums: bucket.expected })),
    bucketSeconds,
  );
  await addSums(
    client,
    version,
    'served',
    levels.map(({ sums, ...bucket }) => ({ ...bucket, units: Array.from(sums, String) })),
  );
}

/** Puts buckets of the shortest length into those of every length. */
export function atEveryLength<T extends { bucketStart: number }>(
  bucket: T,
  shortest: number,
): (T & { bucketSeconds: number })[] {
  return bucketLengths(shortest).map((bucketSeconds) => ({
    ...bucket,
    bucketSeconds,
    bucketStart: Math.floor(bucket.bucketStart / bucketSeconds) * bucketSeconds,
  }));
}

/**
 * Adds units to the stored ones of the same bucket, and marks the windows that they change, to be computed again. Must run
 * in the transaction that marks what was counted.
 * @param buckets  of every length, each once
 */
export async function addSums(
  client: Client,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
  kind: SumsKind,
  buckets: BucketUnits[],
): Promise<void> {
  const { modelName, modelVersion } = version;
  await lockPerformance(client, modelName);
  await client.query(
    `insert into performance_summaries (model_name, model_version, kind, segment, bucket_seconds, bucket_start, sums)
     select $1, $2, $3, segment, seconds, to_timestamp(start), sums::numeric[]
       from unnest($4::text[], $5::int[], $6::float8[], $7::text[]) as s (segment, seconds, start, sums)
     on conflict (model_name, model_version, kind, segment, bucket_seconds, bucket_start) do update
        set sums = (select array_agg(stored + added order by slot)
                      from unnest(performance_summaries.sums, excluded.sums) with ordinality as s (stored, added, slot))`,
    [
      modelName,
      modelVersion,
      kind,
      buckets.map((bucket) => bucket.segment),
      buckets.map((bucket) => bucket.bucketSeconds),
      buckets.map((bucket) => bucket.bucketStart),
      buckets.map((bucket) => `{${bucket.units.join(',')}}`),
    ],
  );
  const shortest = Math.min(...buckets.map((bucket) => bucket.bucketSeconds));
  const starts = buckets.filter((bucket) => bucket.bucketSeconds === shortest).map((bucket) => bucket.bucketStart);
  await client.query(
    `update performance_windows w set stale = true
      where model_name = $1 and model_version = $2 and not stale
        and exists (select from unnest($3::float8[]) as start
                     where to_timestamp(start) >= w.window_start and to_timestamp(start) < w.window_end)`,
    [modelName, modelVersion, [...new Set(starts)]],
  );
}

/** Sums of a window, as amounts by slot of the version's layout; undefined without rows, or for a version without a layout. */
export async function loadSums(
  db: Queryable,
  version: ModelVersion,
  kind: SumsKind,
  window: { start: number; end: number; segment: string; bucketSeconds: number },
): Promise<{ layout: SumsLayout; sums: Float64Array } | undefined> {
  const { referencePerformance, manifest } = version;
  if (!referencePerformance) return undefined;
  const runs = coverRange(window.start, window.end, window.bucketSeconds);
  const { rows } = await db.query<{ sums: string }>(
    `select array_to_string(sums, ',') as sums
       from unnest($4::int[], $5::float8[], $6::float8[]) as run (seconds, start, ends)
       join performance_summaries on model_name = $1 and model_version = $2 and kind = $3 and segment = $7
        and bucket_seconds = run.seconds
        and bucket_start >= to_timestamp(run.start) and bucket_start < to_timestamp(run.ends)`,
    [
      version.modelName,
      version.modelVersion,
      kind,
      runs.map((run) => run.seconds),
      runs.map((run) => run.from),
      runs.map((run) => run.to),
      window.segment,
    ],
  );
  if (rows.length === 0) return undefined;
  const layout = sumsLayout(manifest, referencePerformance);
  const units = new Array<bigint>(layout.length).fill(0n);
  for (const row of rows) {
    row.sums.split(',').forEach((text, slot) => {
      if (text !== '0') units[slot]! += BigInt(text);
    });
  }
  return { layout, sums: toAmounts(layout, units.map(String)) };
}
