import type { Queryable } from '../../core/postgres/pool.js';

/** Why a day that is due is not dropped yet; `locked`: others were at work on the table, or another monitor on retention. */
export const HOLDS = ['unsummarised', 'outcomes', 'rollout', 'training_run', 'locked'] as const;
export type Hold = (typeof HOLDS)[number];

/**
 * What still needs rows of `day` (`YYYY-MM-DD`, UTC) or of a day before: rows or outcomes that the monitor has not counted, a
 * rollout that began before the day's end (it looks at no older rows), or a training run of a model with rows of the day
 * (begun again after a crash, it reads them again). The reference of a version is frozen beside it and needs no rows.
 */
export async function findHold(db: Queryable, day: string): Promise<Hold | undefined> {
  const { rows } = await db.query<Record<Exclude<Hold, 'locked'>, boolean>>(
    `with ends as (select $1::date::timestamp at time zone 'UTC' as day_start, ($1::date + 1)::timestamp at time zone 'UTC' as day_end)
     select exists (select from capture_batches where summarised_at is null and first_requested_at < day_end) as unsummarised,
            exists (select from outcomes where folded_at is null and prediction_id < first_id_at(day_end)) as outcomes,
            exists (select from rollouts where ended_at is null and began_at < day_end) as rollout,
            exists (select from training_runs r where r.state in ('queued', 'waiting', 'training', 'comparing')
                       and exists (select from capture_batches b
                                    where b.model_name = r.model_name and b.batch_id >= first_id_at(day_start)
                                      and b.first_requested_at < day_end and b.last_requested_at >= day_start)) as training_run
       from ends`,
    [day],
  );
  const found = rows[0]!;
  return (['unsummarised', 'outcomes', 'rollout', 'training_run'] as const).find((hold) => found[hold]);
}
