import type { Pool } from '../../core/postgres/pool.js';

/** Rows removed by one statement, and statements by one run for each table: the rest is left to the next. */
const STEP_ROWS = 10_000;
const MOST_STEPS = 100;

/** What belongs to predictions that are gone, each found by a range of its primary key; those that came late are in `predictions_default`. */
const DEPENDENTS = [
  `delete from outcomes where (prediction_id, revision) in (
     select prediction_id, revision from outcomes
      where prediction_id < first_id_at((select kept_from())) and folded_at is not null
        and not exists (select from predictions_default p where p.prediction_id = outcomes.prediction_id)
      order by prediction_id limit ${STEP_ROWS})`,
  `delete from capture_batches where (batch_id, model_name, model_version) in (
     select batch_id, model_name, model_version from capture_batches
      where batch_id < first_id_at((select kept_from())) and last_requested_at < (select kept_from())
        and summarised_at is not null
      order by batch_id limit ${STEP_ROWS})`,
];

/**
 * Removes the outcomes and capture batches of dropped days, and the bodies of alerts that came before the first day kept, in
 * small steps. What is left by an end in between goes with the next run. Row numbers (`capture_parts`) stay: one row a process of
 * the service, by which a lost row of later days is told from a dropped one, and a row sent twice is known.
 */
export async function sweepDependents(pool: Pool, now: Date, retentionDays: number): Promise<void> {
  for (const statement of DEPENDENTS) {
    for (let step = 0; step < MOST_STEPS; step++) {
      const { rowCount } = await pool.query(statement);
      if ((rowCount ?? 0) < STEP_ROWS) break;
    }
  }
  await pool.query(
    `delete from alert_deliveries
      where received_at < (date_trunc('day', least($1::timestamptz, now()), 'UTC') - make_interval(days => $2))`,
    [now, retentionDays],
  );
}
