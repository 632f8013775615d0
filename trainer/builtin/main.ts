import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readTrainingInput } from '../../core/training/contract.js';
import { toDataset } from './to-dataset.js';
import { train } from './train.js';

/** The built-in training command: `main.js INPUT_FOLDER OUTPUT_FOLDER`, after the training contract of core. */
async function run(input: string | undefined, output: string | undefined): Promise<void> {
  if (input === undefined || output === undefined) throw new Error('usage: main.js INPUT_FOLDER OUTPUT_FOLDER');
  const { manifest, rows, request } = await readTrainingInput(input);
  process.stdout.write(`read ${rows.targets.length} rows with ${manifest.features.length} features\n`);
  const began = performance.now();
  const dataset = toDataset(manifest, rows);
  const result = train({ dataset, task: manifest.task, classes: manifest.classes, seed: request.seed });
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`trained ${result.iterations} iterations in ${seconds.toFixed(1)} s\n`);
  for (const [name, value] of Object.entries(result.validation)) process.stdout.write(`validation ${name} ${value}\n`);
  const featureImportance = Object.fromEntries(result.featureImportance.map((f) => [f.name, f.importance]));
  const metrics = { ...result.validation, iterations: result.iterations, seconds, featureImportance };
  await writeFile(join(output, 'metrics.json'), JSON.stringify(metrics, null, 2));
  await writeFile(join(output, 'model.onnx'), result.onnx);
}

await run(process.argv[2], process.argv[3]).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
