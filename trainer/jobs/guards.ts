import type { Queryable } from '../../core/postgres/pool.js';
import { loadChampion, type ModelVersion } from '../../core/registry/versions.js';
import type { RetrainContext } from '../context.js';
import { Stopped, TooSoon } from '../stopped.js';
import { ACTIVE_STATES, RESULT_STATES, type TrainingRun } from './runs.js';

/**
 * Whether a retraining may go on. @returns the champion that the challenger has to beat
 * @throws Stopped  refused: unknown model, an alert about an earlier version, or another run of the model
 * @throws TooSoon  in the cool-down, or while the data looks broken: an alert that still fires afterwards is then acted on
 */
export async function checkGuards(context: RetrainContext, run: TrainingRun): Promise<ModelVersion> {
  const champion = await loadChampion(context.pool, run.modelName);
  if (!champion) refuse(`no champion is registered for model "${run.modelName}"; add it with plumbline model add`);
  if (run.championVersion !== null && run.championVersion !== champion.modelVersion) {
    refuse(
      `the alert is about version ${run.championVersion}, the champion is version ${champion.modelVersion} by now`,
    );
  }
  const other = await findActiveRun(context.pool, run);
  if (other) refuse(`training run ${other.trainingRunId} of the same model is ${other.state}`);
  await assertSoundData(context, champion);
  const minutes = context.settings.TRAINER_COOLDOWN_MINUTES ?? champion.manifest.retraining.cooldownMinutes;
  const last = await findLastResult(context.pool, run);
  if (last) {
    const endsAt = new Date(last.finishedAt.getTime() + minutes * 60_000);
    if (context.now() < endsAt) {
      throw new TooSoon(
        `cool-down of ${minutes} minutes: training run ${last.trainingRunId} ended ${last.state} at ${last.finishedAt.toISOString()}, the next may begin at ${endsAt.toISOString()}`,
        endsAt,
      );
    }
  }
  return champion;
}

/** How soon a run that waits for sound data looks at the newest window again. */
const LOOK_AGAIN_MINUTES = 5;

/** What was learned from broken data would be wrong when it is mended: the newest decided window must not look like it. */
async function assertSoundData(context: RetrainContext, champion: ModelVersion): Promise<void> {
  const { rows } = await context.pool.query<{ windowEnd: Date; kind: string | null; summary: string | null }>(
    `select window_end as "windowEnd", cause->>'kind' as kind, cause->>'summary' as summary from drift_windows
      where model_name = $1 and model_version = $2 and verdict <> 'insufficient-data'
      order by window_start desc limit 1`,
    [champion.modelName, champion.modelVersion],
  );
  const window = rows[0];
  if (window?.kind !== 'broken-data') return;
  const again = new Date(context.now().getTime() + LOOK_AGAIN_MINUTES * 60_000);
  throw new TooSoon(
    `the window that ended at ${window.windowEnd.toISOString()} ${window.summary}; mend the data, the newest window is looked at again at ${again.toISOString()}`,
    again,
  );
}

function refuse(reason: string): never {
  throw new Stopped('refused', reason);
}

async function findActiveRun(
  db: Queryable,
  run: TrainingRun,
): Promise<{ trainingRunId: string; state: string } | undefined> {
  const { rows } = await db.query(
    `select training_run_id as "trainingRunId", state from training_runs
     where model_name = $1 and training_run_id <> $2 and state = any($3::text[]) limit 1`,
    [run.modelName, run.trainingRunId, ACTIVE_STATES],
  );
  return rows[0];
}

async function findLastResult(
  db: Queryable,
  run: TrainingRun,
): Promise<{ trainingRunId: string; state: string; finishedAt: Date } | undefined> {
  const { rows } = await db.query(
    `select training_run_id as "trainingRunId", state, finished_at as "finishedAt" from training_runs
     where model_name = $1 and training_run_id <> $2 and state = any($3::text[])
     order by finished_at desc limit 1`,
    [run.modelName, run.trainingRunId, RESULT_STATES],
  );
  return rows[0];
}
