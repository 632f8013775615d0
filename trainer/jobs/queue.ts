import type { Queryable } from '../../core/postgres/pool.js';
import { activeTraceparent } from '../../core/telemetry/in-span.js';

/** Name of the one task on the queue. */
export const RETRAIN_TASK = 'retrain';
/** Attempts of one job; a failing training command is no reason for another, a lost database or a killed trainer is. */
const MAX_ATTEMPTS = 5;

/**
 * Puts runs on the queue, or moves their jobs to another time, in one statement and inside the caller's transaction if there
 * is one. Jobs of one model run one after the other. A job goes on in the trace of the span that is active here.
 * @param runAt  not before this instant; at once when left out
 */
export async function enqueueRuns(
  db: Queryable,
  runs: { trainingRunId: string; modelName: string }[],
  runAt?: Date,
): Promise<void> {
  await db.query(
    `select count(*) from graphile_worker.add_jobs((
       select array_agg(row($1, json_build_object('trainingRunId', id, 'traceparent', $6::text), 'model:' || name, $2::timestamptz, $3, id, null, null)
         ::graphile_worker.job_spec order by name, id)
       from unnest($4::text[], $5::text[]) as run (id, name)))`,
    [
      RETRAIN_TASK,
      runAt ?? null,
      MAX_ATTEMPTS,
      runs.map((run) => run.trainingRunId),
      runs.map((run) => run.modelName),
      activeTraceparent() ?? null,
    ],
  );
}

/** Takes runs off the queue. A job that runs is not interrupted. */
export async function dequeueRuns(db: Queryable, trainingRunIds: string[]): Promise<void> {
  await db.query('select graphile_worker.remove_job(key) from unnest($1::text[]) as key', [trainingRunIds]);
}
