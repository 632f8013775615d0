import type { Pool } from '../../core/postgres/pool.js';
import type { TrainerMetrics } from '../metrics.js';
import { OPEN_STATES } from './runs.js';

/**
 * Shows the runs that have not ended as gauges, as they stand in Postgres, whichever trainer works on them. A promotion
 * waits for a person while its challenger is still a candidate, the champion still the one it was compared with, and no
 * newer challenger of the model waits.
 */
export async function showOpenRuns({ pool, metrics }: { pool: Pool; metrics: TrainerMetrics }): Promise<void> {
  const { rows: open } = await pool.query<{ state: string; runs: number }>(
    `select state, count(*) as runs from training_runs where state = any($1::text[]) group by state`,
    [OPEN_STATES],
  );
  const { rows: waiting } = await pool.query<{ modelName: string; modelVersion: number; since: Date }>(
    `select distinct on (r.model_name) r.model_name as "modelName", r.candidate_version as "modelVersion", r.finished_at as since
       from training_runs r
       join model_versions v on (v.model_name, v.model_version) = (r.model_name, r.candidate_version)
       join models m on m.model_name = r.model_name
      where r.state = 'awaiting-approval' and v.state = 'candidate'
        and m.champion_version = (r.dataset->>'parentVersion')::integer
      order by r.model_name, r.finished_at desc`,
  );
  const counts = new Map(open.map(({ state, runs }) => [state, runs]));
  for (const state of OPEN_STATES) metrics.openRuns.set({ state }, counts.get(state) ?? 0);
  metrics.openRuns.set({ state: 'awaiting-approval' }, waiting.length);
  metrics.awaitingApprovalSince.reset();
  for (const { modelName, modelVersion, since } of waiting) {
    const labels = { model_name: modelName, model_version: String(modelVersion) };
    metrics.awaitingApprovalSince.set(labels, since.getTime() / 1_000);
  }
}
