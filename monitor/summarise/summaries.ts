import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { BucketCounts } from './fold.js';
import { rollUp } from './roll-up.js';

/** Adds counts to the stored ones of the same segment and bucket, and to those of the longer buckets around it. */
export async function addSummaries(
  db: Queryable,
  version: ModelVersion,
  bucketSeconds: number,
  buckets: BucketCounts[],
): Promise<void> {
  if (buckets.length === 0) return;
  // Rows ride along as one sum more.
  const sums = rollUp(
    buckets.map((bucket) => ({ ...bucket, sums: Float64Array.of(bucket.rows, ...bucket.counts) })),
    bucketSeconds,
  );
  await db.query(
    `insert into summaries (model_name, model_version, segment, bucket_seconds, bucket_start, row_count, counts)
     select $1, $2, segment, seconds, to_timestamp(start), rows, counts::bigint[]
       from unnest($3::text[], $4::int[], $5::float8[], $6::bigint[], $7::text[]) as s (segment, seconds, start, rows, counts)
     on conflict (model_name, model_version, segment, bucket_seconds, bucket_start) do update
        set row_count = summaries.row_count + excluded.row_count,
            counts = (select array_agg(stored + added order by cell)
                        from unnest(summaries.counts, excluded.counts) with ordinality as c (stored, added, cell))`,
    [
      version.modelName,
      version.modelVersion,
      sums.map((sum) => sum.segment),
      sums.map((sum) => sum.bucketSeconds),
      sums.map((sum) => sum.bucketStart),
      sums.map((sum) => sum.sums[0]),
      sums.map((sum) => `{${sum.sums.subarray(1).join(',')}}`),
    ],
  );
}
