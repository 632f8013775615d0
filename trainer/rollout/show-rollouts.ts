import type { Pool } from '../../core/postgres/pool.js';
import { loadRollouts } from '../../core/registry/rollouts.js';
import type { TrainerMetrics } from '../metrics.js';

/** Shows the rollouts under way as gauges, whichever trainer judges them: since when they are in their stage, and their rows so far. */
export async function showRollouts({ pool, metrics }: { pool: Pool; metrics: TrainerMetrics }): Promise<void> {
  const rollouts = await loadRollouts(pool);
  const { rolloutStageBegan, rolloutRows, rolloutWantedRows } = metrics;
  for (const gauge of [rolloutStageBegan, rolloutRows, rolloutWantedRows]) gauge.reset();
  for (const { modelName, stage, stageBeganAt, policy, evidence } of rollouts) {
    const labels = { model_name: modelName, stage };
    const { rows = 0 } = (evidence ?? {}) as { rows?: number };
    rolloutStageBegan.set(labels, stageBeganAt.getTime() / 1_000);
    rolloutRows.set(labels, rows);
    rolloutWantedRows.set(labels, stage === 'shadow' ? policy.shadowRows : policy.canaryRows);
  }
}
