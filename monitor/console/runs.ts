import type { Queryable } from '../../core/postgres/pool.js';

/** How a challenger compared with its champion, as the trainer stored it. */
export interface StoredComparison {
  metric: string;
  champion: number;
  challenger: number;
  improvement: number;
  interval: { low: number; high: number };
  rows: number;
  clusters: number;
  agreementRate: number;
}

/** A retraining as the console shows it. */
export interface ShownRun {
  trainingRunId: string;
  alertName: string;
  championVersion: number | null;
  candidateVersion: number | null;
  state: string;
  reason: string;
  comparison: StoredComparison | null;
  /** The end of what its training command printed. */
  log: string;
  createdAt: Date;
  finishedAt: Date | null;
}

const LOG_CHARACTERS = 8_000;

/** The newest retrainings of a model, newest first. */
export async function loadRuns(db: Queryable, modelName: string, limit: number): Promise<ShownRun[]> {
  const { rows } = await db.query<ShownRun>(
    `select training_run_id as "trainingRunId", alert_name as "alertName", champion_version as "championVersion",
            candidate_version as "candidateVersion", state, reason, comparison, right(log, ${LOG_CHARACTERS}) as log,
            created_at as "createdAt", finished_at as "finishedAt"
       from training_runs where model_name = $1 order by created_at desc, training_run_id desc limit $2`,
    [modelName, limit],
  );
  return rows;
}
