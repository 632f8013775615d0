import { buildReferencePerformance } from '../../core/performance/reference-performance.js';
import { withTransaction } from '../../core/postgres/pool.js';
import { encodeRows } from '../../core/preparation/prepare.js';
import { featureImportances } from '../../core/project/feature-importances.js';
import { lockModel } from '../../core/registry/lock-model.js';
import { insertVersion } from '../../core/registry/versions.js';
import type { EvaluatedChallenger } from '../compare/evaluate.js';
import type { RetrainContext } from '../context.js';
import type { RetrainingDataset } from '../dataset/compose.js';
import { type TrainingRun, writeCandidate } from '../jobs/runs.js';
import type { TrainedModel } from '../train-challenger.js';
import { freezeReference } from './freeze-reference.js';

/**
 * Registers a challenger as a candidate, whatever was decided, so that the record is complete; in the same transaction the run
 * learns its number. @returns the version number
 */
export async function registerChallenger(
  context: RetrainContext,
  run: TrainingRun,
  dataset: RetrainingDataset,
  trained: TrainedModel,
  evaluated: EvaluatedChallenger,
): Promise<number> {
  const { manifest, onnx, comparison } = evaluated;
  const importances = await featureImportances(onnx, manifest, encodeRows(manifest, dataset.recent.instances));
  return withTransaction(context.pool, async (client) => {
    await lockModel(client, run.modelName);
    // Before the audit trail is.
    await client.query('select from training_runs where training_run_id = $1 for update', [run.trainingRunId]);
    const version = await insertVersion(client, {
      manifest,
      onnx,
      ...freezeReference(manifest, dataset, evaluated.heldOut, importances),
      referencePerformance: buildReferencePerformance(manifest, evaluated.heldOut, dataset.heldOut.targets, {
        heldOut: true,
      }),
      metrics: { training: trained.metrics, comparison },
      lineage: {
        trainingRunId: run.trainingRunId,
        alert: { fingerprint: run.fingerprint, startsAt: run.startsAt.toISOString(), name: run.alertName },
        datasetDigest: trained.datasetDigest,
        ...dataset.summary,
      },
      registeredBy: 'trainer',
      trainingRunId: run.trainingRunId,
    });
    await writeCandidate(client, run.trainingRunId, version, comparison);
    run.candidateVersion = version;
    return version;
  });
}
