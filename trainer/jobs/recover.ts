import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import { interruptLost } from '../../core/registry/experiments.js';
import type { RetrainContext } from '../context.js';
import { enterState } from './enter-state.js';
import { loadRun, OPEN_STATES, RunEndedError } from './runs.js';
import { WORKER_IS_DEAD } from './worker-lock.js';

/**
 * Gives the jobs of workers that no longer live back to the queue; the queue library itself would wait four hours.
 * @returns the ids of those workers
 */
export async function unlockDeadWorkers(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    'select distinct locked_by as id from graphile_worker.jobs where locked_by is not null',
  );
  const dead: string[] = [];
  for (const { id } of rows) {
    await withTransaction(pool, async (client) => {
      const { rows: found } = await client.query(`select ${WORKER_IS_DEAD} as dead`, [id]);
      if (!found[0].dead) return;
      await client.query('select graphile_worker.force_unlock_workers($1)', [[id]]);
      dead.push(id);
    });
  }
  return dead;
}

/** Ends open runs that no job will take up again: each attempt ended together with its trainer. Ends their experiments too. */
export async function failAbandonedRuns(
  context: Pick<RetrainContext, 'pool' | 'logger' | 'metrics' | 'now'>,
): Promise<void> {
  const { rows } = await context.pool.query<{ id: string }>(
    `select training_run_id as id from training_runs r where state = any($1) and not exists (
       select 1 from graphile_worker.jobs j
       where j.key = r.training_run_id::text and (j.attempts < j.max_attempts or j.locked_at is not null))`,
    [OPEN_STATES],
  );
  for (const { id } of rows) {
    const run = await loadRun(context.pool, id);
    if (!run) continue;
    const reason = `every attempt ended together with its trainer while the run was ${run.state}; see the trainer's log`;
    try {
      await enterState(context, run, { state: 'failed', reason });
    } catch (error) {
      if (!(error instanceof RunEndedError)) throw error;
    }
  }
  await interruptLost(context.pool, context.now());
}
