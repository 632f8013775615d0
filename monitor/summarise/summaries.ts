import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { BucketCounts } from './fold.js';

/** Adds counts to the stored ones of the same bucket and subject. */
export async function addSummaries(
  db: Queryable,
  version: ModelVersion,
  bucketSeconds: number,
  summaries: BucketCounts[],
): Promise<void> {
  if (summaries.length === 0) return;
  await db.query(
    `insert into summaries (model_name, model_version, bucket_start, kind, subject, bucket_seconds, counts)
     select $1, $2, to_timestamp(s."bucketStart"), s.kind, s.subject, $3, s.counts
       from jsonb_to_recordset($4::jsonb) as s("bucketStart" bigint, kind text, subject text, counts bigint[])
     on conflict (model_name, model_version, bucket_start, kind, subject) do update
        set counts = (select array_agg(stored + added order by cell)
                        from unnest(summaries.counts, excluded.counts) with ordinality as c (stored, added, cell))`,
    [version.modelName, version.modelVersion, bucketSeconds, JSON.stringify(summaries)],
  );
}

/**
 * Length of a version's buckets, in seconds: that of its first bucket for good (two lengths would overlap), else the
 * longest that divides both the setting and a window measured in minutes.
 */
export async function bucketSecondsOf(db: Queryable, version: ModelVersion, setting: number): Promise<number> {
  const { rows } = await db.query<{ bucketSeconds: number }>(
    'select bucket_seconds as "bucketSeconds" from summaries where model_name = $1 and model_version = $2 limit 1',
    [version.modelName, version.modelVersion],
  );
  if (rows[0]) return rows[0].bucketSeconds;
  const { window } = version.manifest.monitoring;
  return 'minutes' in window ? greatestCommonDivisor(setting, window.minutes * 60) : setting;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
