import { loadKeptFrom } from '../../core/postgres/kept-from.js';
import { LOCKS } from '../../core/postgres/locks.js';
import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { lockPerformance } from '../performance/lock-performance.js';
import { addExpectedSums } from '../performance/stored-sums.js';
import { addQuality } from '../quality/stored-quality.js';
import { createFold } from './fold.js';
import { readRowsBetween } from './live-rows.js';
import { addSummaries } from './summaries.js';

/** Rows are read by stretches of this much event time, so that memory stays small. */
const STRETCH_SECONDS = 3_600;

/** Tables that are made from rows, and made anew. */
const TABLES = ['summaries', 'performance_summaries', 'quality_summaries'];

/**
 * Counts all rows of a version anew, from what `predictions` still holds of them: the same counts as when they came. For
 * summaries that were lost, and for a version whose layout of counts a newer build has changed. Outcomes are counted again
 * by the next run. Decided windows stay as they were decided; performance and quality are computed again.
 * The counts of days that retention has dropped stay as they are, that of a bucket which begins on such a day too, as does
 * what came late to one and is not counted yet: the next run counts it. No day is dropped meanwhile. In one transaction: readers see the old counts until its end.
 * @returns rows counted
 */
export async function rebuildSummaries(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
}): Promise<number> {
  const { pool, version, bucketSeconds } = options;
  const key = [version.modelName, version.modelVersion];
  return withTransaction(pool, async (client) => {
    // Before the look at what is kept: the counts of a day that goes after it could not be made again.
    await client.query('select pg_advisory_xact_lock_shared($1)', [LOCKS.retention]);
    await lockPerformance(client, version.modelName);
    const countedFrom = firstBucket(await loadKeptFrom(client), bucketSeconds);
    const range = await takeSummarised(client, version, countedFrom);
    for (const table of TABLES) {
      await client.query(
        `delete from ${table} where model_name = $1 and model_version = $2 and bucket_start >= coalesce($3, '-infinity'::timestamptz)`,
        [...key, countedFrom],
      );
    }
    let rows = 0;
    for (
      let from = Math.max(range.first, (countedFrom?.getTime() ?? 0) / 1_000);
      from <= range.last;
      from += STRETCH_SECONDS
    ) {
      const fold = createFold(version, bucketSeconds);
      rows += await readRowsBetween(client, version, { from, to: from + STRETCH_SECONDS }, fold.add);
      const buckets = fold.take();
      await addSummaries(client, version, bucketSeconds, buckets);
      await addExpectedSums(client, version, bucketSeconds, buckets);
      await addQuality(client, version, buckets);
    }
    await client.query(
      `update outcomes o set folded_at = null from predictions p
        where o.folded_at is not null and o.model_name = $1 and p.prediction_id = o.prediction_id
          and p.requested_at = prediction_time(o.prediction_id) and p.model_version = $2
          and p.requested_at >= coalesce($3, '-infinity'::timestamptz)`,
      [...key, countedFrom],
    );
    await client.query('update performance_windows set stale = true where model_name = $1 and model_version = $2', key);
    await client.query('delete from quality_windows where model_name = $1 and model_version = $2', key);
    return rows;
  });
}

/** Where the first bucket begins that has no rows of a dropped day; buckets need not divide a day. */
function firstBucket(keptFrom: Date | undefined, bucketSeconds: number): Date | undefined {
  const bucketMs = bucketSeconds * 1_000;
  return keptFrom && new Date(Math.ceil(keptFrom.getTime() / bucketMs) * bucketMs);
}

/** Locks what was summarised, and takes what was not with it, unless it has rows before `countedFrom`. @returns the event times it lies between, seconds since 1970 */
async function takeSummarised(
  client: Client,
  version: ModelVersion,
  countedFrom: Date | undefined,
): Promise<{ first: number; last: number }> {
  const { rows } = await client.query<{ first: number | null; last: number | null }>(
    `with taken as (
       update capture_batches set summarised_at = coalesce(summarised_at, now())
        where model_name = $1 and model_version = $2
          and (summarised_at is not null or first_requested_at >= coalesce($3, '-infinity'::timestamptz))
       returning first_requested_at, last_requested_at)
     select floor(extract(epoch from min(first_requested_at)))::float8 as first,
            ceil(extract(epoch from max(last_requested_at)))::float8 as last from taken`,
    [version.modelName, version.modelVersion, countedFrom],
  );
  const { first, last } = rows[0]!;
  return { first: first ?? 0, last: last ?? -1 };
}
