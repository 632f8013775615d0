import type { Queryable } from '../../core/postgres/pool.js';
import type { Rollout } from '../../core/registry/rollouts.js';
import { type Evidence, LEAST_LATENCY_ROWS } from './judge.js';

/** How a version did on its newest live rows. */
export interface Served {
  rows: number;
  failed: number;
  medianLatencyUs: number | null;
}

/** The newest transactions that stored live rows of a version, one each at least: what a look costs does not grow with the traffic. */
const NEWEST_BATCHES = 300;

/** Looks at the newest live rows of a version that were asked for in [from, to): `leastRows` of them where there are as many. */
export async function loadServed(
  db: Queryable,
  version: { modelName: string; modelVersion: number; from: Date; to: Date | undefined; leastRows?: number },
): Promise<Served> {
  const { rows } = await db.query<Served>(
    `with newest as (
       select * from capture_batches where model_name = $1 and model_version = $2 and live_row_count > 0
         and last_requested_at >= $3 and first_requested_at < $4 order by batch_id desc limit $5)
     select count(*) as rows, count(p.error_class) as failed,
       percentile_cont(0.5) within group (order by p.latency_us) filter (where p.error_class is null) as "medianLatencyUs"
     from newest b join predictions p on p.batch_id = b.batch_id and p.model_name = $1 and p.model_version = $2
       and p.requested_at between b.first_requested_at and b.last_requested_at
     where p.source = 'live' and p.requested_at >= $3 and p.requested_at < $4`,
    [
      version.modelName,
      version.modelVersion,
      version.from,
      version.to ?? 'infinity',
      Math.max(NEWEST_BATCHES, version.leastRows ?? 0),
    ],
  );
  return rows[0]!;
}

/** What champion and challenger said to the rows that were answered in the shadow. */
export async function loadShadowed(
  db: Queryable,
  rollout: Rollout,
): Promise<{ rows: number; failed: number; agreementRate: number | null }> {
  const { rows } = await db.query(
    `with pairs as (
       select live.label as champion_label, shadow.label as challenger_label, live.value as champion_value,
         shadow.value as challenger_value, shadow.error_class as challenger_error
       from predictions shadow join predictions live
         on live.prediction_id = live_id(shadow.prediction_id) and live.requested_at = shadow.requested_at
       where shadow.batch_id = $1 and shadow.source = 'shadow' and shadow.requested_at >= $2)
     select count(*) as rows, count(challenger_error) as failed,
       avg(case when champion_label is not null then (champion_label = challenger_label)::int
         else (abs(champion_value - challenger_value) <= 0.1 * (select stddev_pop(champion_value) from pairs))::int end)
         filter (where challenger_error is null)::float8 as "agreementRate"
     from pairs`,
    [rollout.rolloutId, rollout.stageBeganAt],
  );
  return rows[0];
}

/** Evidence of a version that answers live, beside another that does or did. */
export function servedEvidence(own: Served, other: Served, comparison: Evidence['comparison']): Evidence {
  const { rows, failed } = own;
  const enough = rows >= LEAST_LATENCY_ROWS && other.rows >= LEAST_LATENCY_ROWS;
  return {
    rows,
    failed,
    medianLatencyUs: enough ? own.medianLatencyUs : null,
    otherMedianLatencyUs: enough ? other.medianLatencyUs : null,
    agreementRate: null,
    comparison,
  };
}
