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
  modelName: string;
  alertName: string;
  championVersion: number | null;
  candidateVersion: number | null;
  state: string;
  reason: string;
  /** Which guard keeps it from beginning, or ended it; null where none does. */
  guard: string | null;
  comparison: StoredComparison | null;
  /** The end of what its training command printed; empty where logs were not asked for. */
  log: string;
  createdAt: Date;
  finishedAt: Date | null;
}

const LOG_CHARACTERS = 8_000;

/** The newest retrainings of each of the models, newest first. */
export async function loadRuns(
  db: Queryable,
  modelNames: string[],
  { limit, logs }: { limit: number; logs: boolean },
): Promise<ShownRun[]> {
  const { rows } = await db.query<ShownRun>(
    `select training_run_id as "trainingRunId", model_name as "modelName", alert_name as "alertName",
            champion_version as "championVersion", candidate_version as "candidateVersion", state, reason, guard,
            comparison,
            case when $3 then right(log, ${LOG_CHARACTERS}) else '' end as log,
            created_at as "createdAt", finished_at as "finishedAt"
       from unnest($1::text[]) as wanted
      cross join lateral (
        select * from training_runs where model_name = wanted
         order by created_at desc, training_run_id desc limit $2) recent
      order by created_at desc, training_run_id desc`,
    [modelNames, limit, logs],
  );
  return rows;
}
