import type { Queryable } from '../../core/postgres/pool.js';

/** Name of the one task on the queue. */
export const RETRAIN_TASK = 'retrain';
/** Attempts of one job; a failing training command is no reason for another, a lost database or a killed trainer is. */
const MAX_ATTEMPTS = 5;

/**
 * Puts a run on the queue, or moves its job to another time, inside the caller's transaction if there is one. Jobs of one
 * model run one after the other.
 * @param runAt  not before this instant; at once when left out
 */
export async function enqueueRun(
  db: Queryable,
  run: { trainingRunId: string; modelName: string },
  runAt?: Date,
): Promise<void> {
  await db.query(
    `select graphile_worker.add_job($1, json_build_object('trainingRunId', $2::text),
       queue_name := $3, job_key := $2::text, max_attempts := $4, run_at := $5)`,
    [RETRAIN_TASK, run.trainingRunId, `model:${run.modelName}`, MAX_ATTEMPTS, runAt ?? null],
  );
}

/** Takes a run off the queue. A job that runs is not interrupted. */
export async function dequeueRun(db: Queryable, trainingRunId: string): Promise<void> {
  await db.query('select graphile_worker.remove_job($1)', [trainingRunId]);
}
