import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { readTrainingInput } from '../../core/training/contract.js';
import { toDataset } from './to-dataset.js';
import { train } from './train.js';

const USAGE = 'usage: main.js [--end-with-stdin] INPUT_FOLDER OUTPUT_FOLDER';

/** The built-in training command, after the training contract of core. */
async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    options: { 'end-with-stdin': { type: 'boolean' } },
    allowPositionals: true,
  });
  const [input, output] = positionals;
  if (input === undefined || output === undefined) throw new Error(USAGE);
  // Training holds this thread up to its end, so another one looks whether the caller still lives.
  if (values['end-with-stdin']) new Worker(new URL('./end-with-stdin.js', import.meta.url)).unref();
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

await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
