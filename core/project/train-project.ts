import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf } from '../registry/artefacts.js';
import { type TrainingMetrics, writeTrainingInput } from '../training/contract.js';
import { describeCommand, runTrainingCommand, TrainingFailedError } from '../training/run-command.js';
import { loadUntrainedProject } from './load.js';
import { writeTrainingRecord } from './training-record.js';

/**
 * Trains a project's first model on its reference rows and writes `model.onnx` into the folder, and `training.json`: what was
 * tried, for the experiment record when the model is registered.
 * @param onOutput  is given what the training command prints, as it comes
 * @throws ProblemsError, TrainingFailedError
 */
export async function trainProject(
  folder: string,
  seed: number,
  onOutput: (text: string) => void = () => undefined,
): Promise<TrainingMetrics> {
  const { manifest, reference: rows } = await loadUntrainedProject(folder);
  const { retraining } = manifest;
  const work = await mkdtemp(join(tmpdir(), 'plumbline-train-'));
  const startedAt = new Date();
  try {
    const input = join(work, 'in');
    const wanted = { modelName: manifest.name, seed, parentVersion: null, metric: retraining.metric };
    const weighted = { ...rows, weights: rows.targets.map(() => 1) };
    const request = await writeTrainingInput(input, manifest, weighted, wanted);
    const result = await runTrainingCommand({
      command: retraining.command,
      input,
      output: join(work, 'out'),
      timeoutMs: retraining.timeoutMinutes * 60_000,
      memoryMegabytes: request.training.memoryMegabytes,
      onOutput,
    }).catch(withLog);
    await writeFile(join(folder, 'model.onnx'), result.onnx);
    await writeTrainingRecord(folder, {
      command: describeCommand(retraining.command),
      request,
      datasetDigest: digestOf(await readFile(join(input, 'dataset.csv'))),
      datasetRows: rows.targets.length,
      startedAt,
      finishedAt: new Date(),
      metrics: result.metrics,
      modelDigest: digestOf(result.onnx),
      trials: result.trials,
      modelCard: result.modelCard,
    });
    return result.metrics;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What a command printed belongs to the message where no run keeps it. */
function withLog(error: unknown): never {
  if (!(error instanceof TrainingFailedError)) throw error;
  throw new Error([error.message, error.log.trim().slice(-2_000)].filter(Boolean).join('\n'), { cause: error });
}
