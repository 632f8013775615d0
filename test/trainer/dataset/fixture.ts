import type { Pool } from '../../../core/postgres/pool.js';
import { loadChampion, type ModelVersion } from '../../../core/registry/versions.js';
import type { RetrainContext } from '../../../trainer/context.js';
import type { TrainingRun } from '../../../trainer/jobs/runs.js';

/** A run of the model, as a dataset is built for it. */
export function runOf({ modelName }: ModelVersion): TrainingRun {
  return { trainingRunId: '00000000-0000-7000-8000-000000000000', modelName, override: null } as TrainingRun;
}

/** What building a dataset needs of a trainer. */
export function contextOf(pool: Pool): RetrainContext {
  return { pool, settings: { TRAINER_SEED: 7 } } as unknown as RetrainContext;
}

/** A decided window of version 1, of 300 rows. */
export async function addWindow(
  pool: Pool,
  name: string,
  start: Date,
  verdict: string,
  { windowName = 'default', seconds = 60, cause = null as object | null } = {},
): Promise<void> {
  await pool.query(`insert into drift_windows values ($1, 1, $2, $3, 300, $4, now(), $5, $6)`, [
    name,
    start,
    new Date(start.getTime() + seconds * 1000),
    verdict,
    cause,
    windowName,
  ]);
}

/** The champion, watched by two more windows: `day` alerts, `quiet` does not. */
export async function watchedByMore(pool: Pool, name: string): Promise<ModelVersion> {
  const champion = (await loadChampion(pool, name))!;
  const windows = [
    { name: 'day', minutes: 1440, alerts: true },
    { name: 'quiet', minutes: 1440 },
  ];
  const monitoring = { ...champion.manifest.monitoring, windows };
  return { ...champion, manifest: { ...champion.manifest, monitoring } };
}

/** A minute of version 1 whose performance was judged. */
export async function addJudged(
  pool: Pool,
  name: string,
  start: Date,
  verdict: string,
  windowName = 'default',
): Promise<void> {
  await pool.query(
    `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
       labelled_rows, verdict, report, computed_at) values ($1, 1, $2, $3, $4, 60, 60, $5, '{}', now())`,
    [name, windowName, start, new Date(start.getTime() + 60_000), verdict],
  );
}
