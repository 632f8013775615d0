import { retrainingLimits } from '../../core/manifest/retraining-limits.js';
import { loadPause } from '../../core/registry/pause.js';
import { loadRollouts } from '../../core/registry/rollouts.js';
import { loadChampion, type ModelVersion } from '../../core/registry/versions.js';
import type { RetrainContext } from '../context.js';
import { type Guard, Stopped, TooSoon } from '../stopped.js';
import { findActiveRun, findBrokenWindow, findLastResult, findTrainingStarts } from './find-runs.js';
import type { TrainingRun } from './runs.js';

/** How soon a run that waits for a person looks again whether it may begin. */
const LOOK_AGAIN_MINUTES = 5;
const DAY_MS = 86_400_000;

/**
 * Whether a retraining may go on. A run with an override passes those guards that judge whether it is wise (broken-data,
 * cool-down, budget), and none of those that would make it wrong. @returns the champion that the challenger has to beat
 * @throws Stopped  refused: unknown model, an alert about an earlier version, or another run or a rollout of the model
 * @throws TooSoon  paused, broken data, cool-down, budget: an alert that still fires afterwards is then acted on
 */
export async function checkGuards(context: RetrainContext, run: TrainingRun): Promise<ModelVersion> {
  const champion = await loadChampion(context.pool, run.modelName);
  if (!champion) {
    refuse('no-champion', `no champion is registered for model "${run.modelName}"; add it with plumbline model add`);
  }
  if (run.championVersion !== null && run.championVersion !== champion.modelVersion) {
    refuse(
      'other-version',
      `the alert is about version ${run.championVersion}, the champion is version ${champion.modelVersion} by now`,
    );
  }
  await assertFree(context, run);
  await assertNotPaused(context, run);
  if (run.override) return champion;
  await assertSoundData(context, champion, run);
  await assertCooledDown(context, champion, run);
  await assertInBudget(context, champion, run);
  return champion;
}

async function assertFree({ pool }: RetrainContext, run: TrainingRun): Promise<void> {
  const other = await findActiveRun(pool, run);
  if (other) refuse('busy', `training run ${other.trainingRunId} of the same model is ${other.state}`);
  const [rollout] = await loadRollouts(pool, run.modelName);
  if (rollout) refuse('busy', `version ${rollout.modelVersion} of the model is in its ${rollout.stage} stage`);
}

/** @throws TooSoon while the model is paused; the run is looked at again some minutes later */
export async function assertNotPaused(context: RetrainContext, run: TrainingRun): Promise<void> {
  const pause = await loadPause(context.pool, run.modelName);
  if (!pause) return;
  const { by, at, reason } = pause;
  lookAgain(
    context,
    'paused',
    `paused since ${at} by ${by}: ${reason}; go on with plumbline model resume ${run.modelName}`,
  );
}

/** What was learned from broken data would be wrong when it is mended: the newest decided window must not look like it. */
async function assertSoundData(context: RetrainContext, champion: ModelVersion, run: TrainingRun): Promise<void> {
  const window = await findBrokenWindow(context.pool, champion);
  if (!window) return;
  const seen = `the window that ended at ${window.windowEnd.toISOString()} ${window.summary}`;
  const advice = `mend the data, or train all the same with plumbline runs override ${run.trainingRunId}`;
  lookAgain(context, 'broken-data', `${seen}; ${advice}`);
}

async function assertCooledDown(context: RetrainContext, champion: ModelVersion, run: TrainingRun): Promise<void> {
  const minutes = context.settings.TRAINER_COOLDOWN_MINUTES ?? champion.manifest.retraining.cooldownMinutes;
  const last = await findLastResult(context.pool, run);
  if (!last) return;
  const endsAt = new Date(last.finishedAt.getTime() + minutes * 60_000);
  if (context.now() >= endsAt) return;
  throw new TooSoon(
    'cool-down',
    `cool-down of ${minutes} minutes: training run ${last.trainingRunId} ended ${last.state} at ${last.finishedAt.toISOString()}, the next may begin at ${endsAt.toISOString()}`,
    endsAt,
  );
}

async function assertInBudget(context: RetrainContext, champion: ModelVersion, run: TrainingRun): Promise<void> {
  const { maximumRunsPerDay } = retrainingLimits(champion.manifest.retraining);
  const since = new Date(context.now().getTime() - DAY_MS);
  const starts = await findTrainingStarts(context.pool, run, since);
  if (starts.length < maximumRunsPerDay) return;
  // Newest first: when this one is a day old, fewer than the budget are left.
  const freeAt = new Date(starts[maximumRunsPerDay - 1]!.getTime() + DAY_MS);
  throw new TooSoon(
    'budget',
    `${starts.length} trainings of the model began within 24 hours, retraining.maximumRunsPerDay is ${maximumRunsPerDay}; the next may begin at ${freeAt.toISOString()}`,
    freeAt,
  );
}

function lookAgain(context: RetrainContext, guard: Guard, reason: string): never {
  const at = new Date(context.now().getTime() + LOOK_AGAIN_MINUTES * 60_000);
  throw new TooSoon(guard, `${reason}; looked at again at ${at.toISOString()}`, at);
}

function refuse(guard: Guard, reason: string): never {
  throw new Stopped('refused', reason, guard);
}
