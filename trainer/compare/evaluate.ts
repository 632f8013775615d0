import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { checkedAnswers } from '../../core/project/checked-answers.js';
import { getArtefact } from '../../core/registry/artefacts.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import type { RetrainContext } from '../context.js';
import type { RetrainingDataset } from '../dataset/compose.js';
import { type CheckedChallenger, checkChallenger } from './check-challenger.js';
import { type Comparison, compareAnswers } from './compare.js';
import { measureMicroseconds } from './latency.js';
import { metricOf, rowContributions } from './row-contributions.js';

/** All that was measured of a challenger beside the champion. */
export interface EvaluatedComparison extends Comparison {
  championMicrosecondsPerRow: number;
  challengerMicrosecondsPerRow: number;
  championBytes: number;
  challengerBytes: number;
  /** The champion's own reference rows, which the challenger has learned from too. */
  reference: { rows: number; champion: number; challenger: number; distinctAnswers: number };
}

/** A challenger that can be served, and how it did against the champion. */
export interface EvaluatedChallenger extends CheckedChallenger {
  comparison: EvaluatedComparison;
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
  const onReference = await checkedAnswers(
    'champion',
    championOnnx,
    manifest,
    encodeRows(manifest, dataset.reference.instances),
    'the reference rows',
  );
  return {
    ...challenger,
    comparison: {
      ...comparison,
      championMicrosecondsPerRow,
      challengerMicrosecondsPerRow: challenger.microsecondsPerRow,
      championBytes: championOnnx.length,
      challengerBytes: onnx.length,
      reference: compareOnReference(manifest, dataset.reference.targets, onReference, challenger.reference),
    },
  };
}

function compareOnReference(
  manifest: Manifest,
  targets: string[],
  champion: PredictionBatch,
  challenger: PredictionBatch,
): EvaluatedComparison['reference'] {
  const { metric } = manifest.retraining;
  const scoreOf = (answers: PredictionBatch): number => {
    const contributions = rowContributions(manifest, metric, answers, targets);
    return metricOf(
      metric,
      contributions.reduce((sum, c) => sum + c, 0),
      targets.length,
    );
  };
  const distinctAnswers = new Set<string | number>(challenger.values ?? challenger.labels).size;
  return { rows: targets.length, champion: scoreOf(champion), challenger: scoreOf(challenger), distinctAnswers };
}
