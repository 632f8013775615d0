import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { codeVersion } from '../../core/code-version.js';
import { readTrainingInput } from '../../core/training/contract.js';
import { runRequest, type Trained } from './run-request.js';

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
  const read = await readTrainingInput(input);
  say(`read ${read.rows.targets.length} rows with ${read.manifest.features.length} features`);
  const began = performance.now();
  const trials = join(output, 'trials.jsonl');
  const trained = await runRequest(read, { say, onTrial: (line) => appendFile(trials, line) });
  const seconds = (performance.now() - began) / 1000;
  say(`trained ${trained.iterations} iterations in ${seconds.toFixed(1)} s`);
  for (const [name, value] of Object.entries(trained.validation)) say(`validation ${name} ${value}`);
  await writeFile(join(output, 'metrics.json'), JSON.stringify(await metricsOf(trained, seconds), null, 2));
  await writeFile(join(output, 'model.onnx'), trained.onnx);
}

async function metricsOf({ onnx: _, validation, ...trained }: Trained, seconds: number): Promise<object> {
  const finite = Object.fromEntries(Object.entries(validation).filter(([, value]) => Number.isFinite(value)));
  const version = await codeVersion(new URL('.', import.meta.url));
  return { ...finite, ...trained, seconds, codeVersion: `built-in trainer ${version}` };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
