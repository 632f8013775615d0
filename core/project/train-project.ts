import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TrainingMetrics, writeTrainingInput } from '../training/contract.js';
import { runTrainingCommand, TrainingFailedError } from '../training/run-command.js';
import { loadUntrainedProject } from './load.js';

/**
 * Trains a project's first model on its reference rows and writes `model.onnx` into the folder.
 * @throws ProblemsError, TrainingFailedError
 */
export async function trainProject(folder: string, seed: number): Promise<TrainingMetrics> {
  const { manifest, reference: rows } = await loadUntrainedProject(folder);
  const work = await mkdtemp(join(tmpdir(), 'plumbline-train-'));
  try {
    const input = join(work, 'in');
    const request = { modelName: manifest.name, seed, parentVersion: null, metric: manifest.retraining.metric };
    await writeTrainingInput(input, manifest, { ...rows, weights: rows.targets.map(() => 1) }, request);
    const timeoutMs = manifest.retraining.timeoutMinutes * 60_000;
    const result = await runTrainingCommand({
      command: manifest.retraining.command,
      input,
      output: join(work, 'out'),
      timeoutMs,
    }).catch(withLog);
    await writeFile(join(folder, 'model.onnx'), result.onnx);
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
