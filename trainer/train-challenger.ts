import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '../core/registry/artefacts.js';
import type { ModelVersion } from '../core/registry/versions.js';
import { type TrainingMetrics, writeTrainingInput } from '../core/training/contract.js';
import { runTrainingCommand, TrainingFailedError } from '../core/training/run-command.js';
import type { RetrainContext } from './context.js';
import type { RetrainingDataset } from './dataset/build.js';
import { type TrainingRun, writeDataset, writeLog } from './jobs/runs.js';
import { isUnstorable } from './unstorable.js';

/** What training left behind, not yet looked at. */
export interface TrainedModel {
  onnx: Buffer;
  metrics: TrainingMetrics;
  datasetDigest: string;
}

/** Trains a challenger in a work folder that is removed afterwards. @throws TrainingFailedError */
export async function trainChallenger(
  context: RetrainContext,
  run: TrainingRun,
  champion: ModelVersion,
  dataset: RetrainingDataset,
): Promise<TrainedModel> {
  const prefix = `plumbline-run-${run.trainingRunId}-`;
  await removeLeftovers(context.workFolder, prefix);
  const folder = await mkdtemp(join(context.workFolder, prefix));
  try {
    const input = join(folder, 'input');
    const { manifest } = dataset;
    const { modelVersion } = champion;
    await writeTrainingInput(input, manifest, dataset.training, {
      modelName: manifest.name,
      seed: dataset.summary.seed,
      parentVersion: modelVersion,
      metric: manifest.retraining.metric,
    });
    const datasetDigest = digestOf(await readFile(join(input, 'dataset.csv')));
    await writeDataset(context.pool, run.trainingRunId, dataset.summary, datasetDigest);
    const { onnx, metrics, log } = await runTrainingCommand({
      command: manifest.retraining.command,
      input,
      output: join(folder, 'output'),
      timeoutMs: manifest.retraining.timeoutMinutes * 60_000,
      signal: context.signal,
      environment: context.commandEnvironment,
    });
    await writeLog(context.pool, run.trainingRunId, log);
    if (isUnstorable(metrics))
      throw new TrainingFailedError('metrics.json holds a NUL character or half of a surrogate pair', log);
    return { onnx, metrics, datasetDigest };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A trainer that was killed could not remove its folder. */
async function removeLeftovers(workFolder: string, prefix: string): Promise<void> {
  for (const name of await readdir(workFolder)) {
    if (name.startsWith(prefix)) await rm(join(workFolder, name), { recursive: true, force: true });
  }
}
