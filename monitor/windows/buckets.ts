import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { Bucket, Window } from './window.js';

/** End of the newest decided window of a version, seconds since 1970; undefined before the first. */
export async function loadDecidedUntil(db: Queryable, version: ModelVersion): Promise<number | undefined> {
  const { rows } = await db.query<{ end: number | null }>(
    `select extract(epoch from max(window_end))::bigint as end from drift_windows
      where model_name = $1 and model_version = $2`,
    [version.modelName, version.modelVersion],
  );
  return rows[0]?.end ?? undefined;
}

/** Rows of each stored bucket that starts at or after `from` and ends at or before `until`, ascending. */
export async function loadBuckets(
  db: Queryable,
  version: ModelVersion,
  range: { from: number | undefined; until: number },
): Promise<Bucket[]> {
  // Every subject counts every row, so one of them is enough.
  const { kind, name } = version.referenceProfile.subjects[0]!;
  const { rows } = await db.query<Bucket>(
    `select extract(epoch from bucket_start)::bigint as start, (select sum(c) from unnest(counts) as c)::bigint as rows
       from summaries
      where model_name = $1 and model_version = $2 and kind = $3 and subject = $4
        and bucket_start >= coalesce(to_timestamp($5), '-infinity'::timestamptz)
        and bucket_start + make_interval(secs => bucket_seconds) <= to_timestamp($6)
      order by bucket_start`,
    [version.modelName, version.modelVersion, kind, name, range.from ?? null, range.until],
  );
  return rows;
}

/** Counts of one subject in a window, over its frozen cells. */
export interface SubjectCounts {
  kind: 'feature' | 'prediction';
  subject: string;
  counts: number[];
}

/** Sums the buckets of a window; a subject without rows is left out. */
export async function loadWindowCounts(db: Queryable, version: ModelVersion, window: Window): Promise<SubjectCounts[]> {
  const { rows } = await db.query<SubjectCounts>(
    `select kind, subject, array_agg(total order by cell) as counts
       from (select kind, subject, cell, sum(c)::bigint as total
               from summaries, unnest(counts) with ordinality as u (c, cell)
              where model_name = $1 and model_version = $2
                and bucket_start >= to_timestamp($3) and bucket_start < to_timestamp($4)
              group by kind, subject, cell) as cells
      group by kind, subject`,
    [version.modelName, version.modelVersion, window.start, window.end],
  );
  return rows;
}
