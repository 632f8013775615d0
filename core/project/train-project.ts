import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCsv } from '../csv.js';
import { parseManifest } from '../manifest/parse.js';
import { type Problem, ProblemsError } from '../problems.js';
import { type TrainingMetrics, writeTrainingInput } from '../training/contract.js';
import { runTrainingCommand } from '../training/run-command.js';
import { readLabelledRows } from './reference.js';
import { resolveManifest } from './resolve.js';

/** Trains a project's first model on its reference rows and writes `model.onnx` into the folder. @throws ProblemsError, TrainingFailedError */
export async function trainProject(folder: string, seed: number): Promise<TrainingMetrics> {
  const problems: Problem[] = [];
  const source = parseManifest(await readFile(join(folder, 'model.yaml'), 'utf8'));
  const table = await readCsv(join(folder, 'reference.csv'));
  const { manifest } = resolveManifest(source, undefined, table, problems);
  const rows = readLabelledRows(table, manifest, 'reference.csv', problems);
  if (problems.length > 0) throw new ProblemsError(folder, problems);
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
    });
    await writeFile(join(folder, 'model.onnx'), result.onnx);
    return result.metrics;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
