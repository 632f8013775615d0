import { ChampionChangedError, type ModelVersion } from '../core/registry/versions.js';
import { inSpan } from '../core/telemetry/in-span.js';
import { type EvaluatedComparison, evaluateChallenger } from './compare/evaluate.js';
import type { RetrainContext } from './context.js';
import { buildDataset } from './dataset/build.js';
import { enterState } from './jobs/enter-state.js';
import { checkGuards } from './jobs/guards.js';
import type { TrainingRun } from './jobs/runs.js';
import { conclude } from './promote/conclude.js';
import { registerChallenger } from './promote/register-challenger.js';
import { trainChallenger } from './train-challenger.js';

/**
 * The story of a retraining: guards, dataset, train, compare, promote. Each stage may stop it by throwing, with a reason that
 * the caller records. A run that was broken off after its challenger was registered goes on from there.
 * @throws Stopped, TooSoon, NotEnoughOutcomes, TrainingFailedError, ChampionChangedError, RunEndedError
 */
export async function retrain(context: RetrainContext, run: TrainingRun): Promise<void> {
  const champion = await checkGuards(context, run);
  if (run.candidateVersion !== null && run.comparison !== null) {
    assertComparedWith(champion, run);
    return conclude(context, run, champion, run.candidateVersion, run.comparison as unknown as EvaluatedComparison);
  }

  const dataset = await inSpan('dataset', {}, () => buildDataset(context, run, champion));
  const { recentTrainingRows, referenceRows, heldOutRows } = dataset.summary;
  const rows = `${recentTrainingRows} recent and ${referenceRows} reference rows, ${heldOutRows} held out`;
  await enterState(context, run, { state: 'training', reason: `on ${rows}` });
  const trained = await inSpan('train', {}, () => trainChallenger(context, run, champion, dataset));

  await enterState(context, run, { state: 'comparing', reason: `on ${heldOutRows} held-out rows` });
  const evaluated = await inSpan('compare', {}, () => evaluateChallenger(context, champion, trained.onnx, dataset));
  const candidateVersion = await registerChallenger(context, run, dataset, trained, evaluated);

  await conclude(context, run, champion, candidateVersion, evaluated.comparison);
}

/** A run may be taken up again long after its comparison. @throws ChampionChangedError when that was with another champion */
function assertComparedWith(champion: ModelVersion, run: TrainingRun): void {
  const comparedWith = run.dataset?.parentVersion;
  if (comparedWith === champion.modelVersion) return;
  throw new ChampionChangedError(
    `${run.modelName}: the champion is version ${champion.modelVersion} by now, version ${run.candidateVersion} was compared with version ${comparedWith}`,
  );
}
