import { encodeRows } from '../../core/preparation/prepare.js';
import { checkedAnswers } from '../../core/project/checked-answers.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { RetrainContext } from '../context.js';
import type { RetrainingDataset } from '../dataset/build.js';
import { type CheckedChallenger, checkChallenger } from './check-challenger.js';
import { type Comparison, compareAnswers } from './compare.js';
import { measureMicroseconds } from './latency.js';

/** A challenger that can be served, and how it did against the champion. */
export interface EvaluatedChallenger extends CheckedChallenger {
  comparison: Comparison & { championMicrosecondsPerRow: number; challengerMicrosecondsPerRow: number };
}

/** Checks a trained model and compares it with the champion on the held-out rows. @throws Stopped when it cannot be served */
export async function evaluateChallenger(
  context: RetrainContext,
  champion: ModelVersion,
  onnx: Buffer,
  dataset: RetrainingDataset,
): Promise<EvaluatedChallenger> {
  const { manifest } = champion;
  const championOnnx = await getArtefact(context.pool, champion.modelDigest);
  const batch = encodeRows(manifest, dataset.heldOut.instances);
  const championAnswers = await checkedAnswers('champion', championOnnx, manifest, batch, 'the held-out rows');
  const championMicrosecondsPerRow = await measureMicroseconds(championOnnx, manifest, batch);
  const challenger = await checkChallenger(onnx, dataset.manifest, dataset, championMicrosecondsPerRow);
  const comparison = compareAnswers({
    manifest,
    rows: dataset.heldOut,
    champion: championAnswers,
    challenger: challenger.heldOut,
    seed: dataset.summary.seed,
  });
  const { microsecondsPerRow: challengerMicrosecondsPerRow } = challenger;
  return { ...challenger, comparison: { ...comparison, championMicrosecondsPerRow, challengerMicrosecondsPerRow } };
}
