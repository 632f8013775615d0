import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withTransaction } from '../core/postgres/pool.js';
import { digestOf } from '../core/registry/artefacts.js';
import { beginExperiment, type ExperimentEnd, endExperiment } from '../core/registry/experiments.js';
import type { ModelVersion } from '../core/registry/versions.js';
import { type PlannedRequest, type TrainingMetrics, writeTrainingInput } from '../core/training/contract.js';
import { describeCommand, runTrainingCommand, TrainingFailedError } from '../core/training/run-command.js';
import type { RetrainContext } from './context.js';
import type { RetrainingDataset } from './dataset/compose.js';
import { type TrainingRun, writeDataset, writeLog } from './jobs/runs.js';
import { createLiveLog } from './live-log.js';
import { copyExperiment } from './mlflow/copy-experiment.js';
import { isUnstorable } from './unstorable.js';

/** What training left behind, not yet looked at. */
export interface TrainedModel {
  onnx: Buffer;
  metrics: TrainingMetrics;
  datasetDigest: string;
}

/** Trains a challenger in a work folder that is removed afterwards, and records the experiment. @throws TrainingFailedError */
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
    const request = await writeTrainingInput(input, manifest, dataset.training, {
      modelName: manifest.name,
      seed: dataset.summary.seed,
      parentVersion: modelVersion,
      metric: manifest.retraining.metric,
    });
    const datasetDigest = digestOf(await readFile(join(input, 'dataset.csv')));
    await withTransaction(context.pool, (client) => writeDataset(client, run, dataset.summary, datasetDigest));
    const experimentId = await beginExperiment(context.pool, {
      trainingRunId: run.trainingRunId,
      modelName: manifest.name,
      command: describeCommand(manifest.retraining.command),
      request,
      datasetDigest,
      datasetRows: dataset.training.targets.length,
      startedAt: context.now(),
    });
    const end = await runCommand(context, run, { champion, folder, request });
    await endExperiment(context.pool, experimentId, toEnd(end, context.signal.aborted), context.now());
    await copyExperiment(context, experimentId, end instanceof TrainingFailedError ? undefined : end.onnx);
    if (end instanceof TrainingFailedError) throw end;
    return { onnx: end.onnx, metrics: end.metrics, datasetDigest };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type CommandResult = Awaited<ReturnType<typeof runTrainingCommand>> | TrainingFailedError;

async function runCommand(
  context: RetrainContext,
  run: TrainingRun,
  { champion, folder, request }: { champion: ModelVersion; folder: string; request: PlannedRequest },
): Promise<CommandResult> {
  const { retraining } = champion.manifest;
  const liveLog = createLiveLog(context.pool, run.trainingRunId);
  const end = await runTrainingCommand({
    command: retraining.command,
    input: join(folder, 'input'),
    output: join(folder, 'output'),
    timeoutMs: retraining.timeoutMinutes * 60_000,
    memoryMegabytes: request.training.memoryMegabytes,
    signal: context.signal,
    environment: context.commandEnvironment,
    onOutput: liveLog.add,
  }).catch((error: unknown) => {
    if (error instanceof TrainingFailedError) return error;
    throw error;
  });
  await liveLog.close();
  await writeLog(context.pool, run.trainingRunId, end.log);
  if (end instanceof TrainingFailedError || !isUnstorable([end.metrics, end.trials])) return end;
  const what = 'metrics.json or trials.jsonl holds a NUL character or half of a surrogate pair';
  return new TrainingFailedError(what, end.log);
}

function toEnd(end: CommandResult, isStopped: boolean): ExperimentEnd {
  if (end instanceof TrainingFailedError) {
    const trials = isUnstorable(end.trials) ? [] : end.trials;
    const state = isStopped ? 'interrupted' : 'failed';
    return { state, reason: end.message, codeVersion: null, metrics: null, modelDigest: null, trials };
  }
  const { metrics, trials, onnx, modelCard } = end;
  const codeVersion = typeof metrics.codeVersion === 'string' ? metrics.codeVersion : null;
  return { state: 'complete', reason: '', codeVersion, metrics, modelDigest: digestOf(onnx), modelCard, trials };
}

/** A trainer that was killed could not remove its folder. */
async function removeLeftovers(workFolder: string, prefix: string): Promise<void> {
  for (const name of await readdir(workFolder)) {
    if (name.startsWith(prefix)) await rm(join(workFolder, name), { recursive: true, force: true });
  }
}
