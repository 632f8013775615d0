import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { cellCount, type ReferenceProfile } from '../../core/reference/profile.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { coverRange } from './bucket-lengths.js';
import type { Bucket, Window } from './window.js';

/** End of the newest decided window of a version, seconds since 1970; undefined before the first. */
export async function loadDecidedUntil(
  db: Queryable,
  version: ModelVersion,
  windowName = DEFAULT_WINDOW,
): Promise<number | undefined> {
  const { rows } = await db.query<{ end: number | null }>(
    `select extract(epoch from max(window_end))::bigint as end from drift_windows
      where model_name = $1 and model_version = $2 and window_name = $3 and segment = ''`,
    [version.modelName, version.modelVersion, windowName],
  );
  return rows[0]?.end ?? undefined;
}

/** Rows of each stored bucket of the shortest length that starts at or after `from` and ends at or before `until`, ascending. */
export async function loadBuckets(
  db: Queryable,
  version: ModelVersion,
  range: { from: number | undefined; until: number; bucketSeconds: number },
): Promise<Bucket[]> {
  const { rows } = await db.query<Bucket>(
    `select extract(epoch from bucket_start)::bigint as start, row_count as rows
       from summaries
      where model_name = $1 and model_version = $2 and segment = '' and bucket_seconds = $5
        and bucket_start >= coalesce(to_timestamp($3), '-infinity'::timestamptz)
        and bucket_start + make_interval(secs => bucket_seconds) <= to_timestamp($4)
      order by bucket_start`,
    [version.modelName, version.modelVersion, range.from ?? null, range.until, range.bucketSeconds],
  );
  return rows;
}

/** Counts of one subject in a window, over its frozen cells. */
export interface SubjectCounts {
  kind: 'feature' | 'prediction';
  subject: string;
  counts: number[];
}

/**
 * Sums the buckets of a window, for all rows or for a segment; no subject at all without rows. As long buckets are summed
 * where they fit, a window of months costs hardly more than one of an hour.
 */
export async function loadWindowCounts(
  db: Queryable,
  version: ModelVersion,
  window: Pick<Window, 'start' | 'end'>,
  options: { bucketSeconds: number; segment?: string },
): Promise<SubjectCounts[]> {
  const runs = coverRange(window.start, window.end, options.bucketSeconds);
  const { rows } = await db.query<{ counts: string }>(
    `select array_to_string(counts, ',') as counts
       from unnest($3::int[], $4::float8[], $5::float8[]) as run (seconds, start, ends)
       join summaries on model_name = $1 and model_version = $2 and segment = $6 and bucket_seconds = run.seconds
        and bucket_start >= to_timestamp(run.start) and bucket_start < to_timestamp(run.ends)`,
    [
      version.modelName,
      version.modelVersion,
      runs.map((run) => run.seconds),
      runs.map((run) => run.from),
      runs.map((run) => run.to),
      options.segment ?? '',
    ],
  );
  if (rows.length === 0) return [];
  return splitBySubject(version.referenceProfile, sumArrays(rows.map((row) => row.counts)));
}

/** Cuts the cells of all subjects, in the order of the profile, up by subject. */
export function splitBySubject(profile: ReferenceProfile, cells: Float64Array): SubjectCounts[] {
  let at = 0;
  return profile.subjects.map((subject) => {
    const counts = Array.from(cells.subarray(at, at + cellCount(subject)));
    at += counts.length;
    return { kind: subject.kind, subject: subject.name, counts };
  });
}

/** Element by element. Parsed here: the server would take several times as long to unnest and group them. */
function sumArrays(texts: string[]): Float64Array {
  const total = new Float64Array(texts[0]!.split(',').length);
  for (const text of texts) {
    const cells = text.split(',');
    for (let i = 0; i < cells.length; i++) total[i]! += Number(cells[i]);
  }
  return total;
}
