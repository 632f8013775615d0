import { alertingWindows } from '../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { ACTIVE_STATES, RESULT_STATES, type TrainingRun } from './runs.js';

/** Another run of the same model that has begun and not ended. */
export async function findActiveRun(
  db: Queryable,
  run: Pick<TrainingRun, 'modelName' | 'trainingRunId'>,
): Promise<{ trainingRunId: string; state: string } | undefined> {
  const { rows } = await db.query(
    `select training_run_id as "trainingRunId", state from training_runs
     where model_name = $1 and training_run_id <> $2 and state = any($3::text[]) limit 1`,
    [run.modelName, run.trainingRunId, ACTIVE_STATES],
  );
  return rows[0];
}

/** The latest other run of the same model that came to a result. */
export async function findLastResult(
  db: Queryable,
  run: Pick<TrainingRun, 'modelName' | 'trainingRunId'>,
): Promise<(Pick<TrainingRun, 'trainingRunId' | 'state' | 'dataset'> & { finishedAt: Date }) | undefined> {
  const { rows } = await db.query(
    `select training_run_id as "trainingRunId", state, dataset, finished_at as "finishedAt" from training_runs
     where model_name = $1 and training_run_id <> $2 and state = any($3::text[])
     order by finished_at desc limit 1`,
    [run.modelName, run.trainingRunId, RESULT_STATES],
  );
  return rows[0];
}

/** When trainings of other runs of the same model began, from `since` on, newest first. */
export async function findTrainingStarts(
  db: Queryable,
  run: Pick<TrainingRun, 'modelName' | 'trainingRunId'>,
  since: Date,
): Promise<Date[]> {
  const { rows } = await db.query<{ startedAt: Date }>(
    `select started_at as "startedAt" from training_runs
     where model_name = $1 and training_run_id <> $2 and dataset_digest is not null and started_at > $3
     order by started_at desc`,
    [run.modelName, run.trainingRunId, since],
  );
  return rows.map((row) => row.startedAt);
}

/**
 * A window that looks like broken data, of those that are each the newest of its name with enough rows to decide: all windows
 * that alert are asked, as a retraining may begin by an alert of any.
 */
export async function findBrokenWindow(
  db: Queryable,
  champion: Pick<ModelVersion, 'modelName' | 'modelVersion' | 'manifest'>,
): Promise<{ windowEnd: Date; summary: string } | undefined> {
  const { rows } = await db.query<{ windowEnd: Date; summary: string }>(
    `select w.window_end as "windowEnd", w.cause->>'summary' as summary
     from unnest($3::text[]) with ordinality as alerting (name, place)
     cross join lateral (select window_end, cause from drift_windows
       where model_name = $1 and model_version = $2 and window_name = alerting.name and segment = ''
         and verdict <> 'insufficient-data'
       order by window_start desc limit 1) w
     where w.cause->>'kind' = 'broken-data' order by alerting.place limit 1`,
    [champion.modelName, champion.modelVersion, alertingWindows(champion.manifest.monitoring)],
  );
  return rows[0];
}
