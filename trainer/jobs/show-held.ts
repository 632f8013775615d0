import type { Pool } from '../../core/postgres/pool.js';
import type { TrainerMetrics } from '../metrics.js';
import type { Guard } from '../stopped.js';

/**
 * Shows the models whose newest retraining a guard has refused or keeps waiting as a gauge. A run that no guard has seen yet
 * does not count, nor one that was cancelled, or refused because another was under way: of several alerts at once, that other
 * one tells. A run that has begun to train ends it.
 */
export async function showHeldModels({ pool, metrics }: { pool: Pool; metrics: TrainerMetrics }): Promise<void> {
  const { rows } = await pool.query<{ modelName: string; guard: Guard; since: Date }>(
    `select m.model_name as "modelName", newest.guard, newest.created_at as since
       from models m cross join lateral (
         select * from training_runs r
          where r.model_name = m.model_name and not (r.state = 'queued' and r.guard is null)
            and r.state <> 'cancelled' and r.guard is distinct from 'busy'
          order by r.created_at desc, r.training_run_id desc limit 1) newest
      where newest.guard is not null and newest.state in ('queued', 'waiting', 'refused')`,
  );
  metrics.heldSince.reset();
  for (const { modelName, guard, since } of rows) {
    metrics.heldSince.set({ model_name: modelName, guard }, since.getTime() / 1_000);
  }
}
