import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { packagePath } from '../core/package-path.js';
import { chooseContestants } from './contestants/all.js';
import { renderBenchmarks } from './document/render.js';
import { assertTools, pinToLoadCore } from './pin.js';
import { FULL, QUICK } from './plan.js';
import { runBench } from './run.js';

interface BenchOptions {
  quick: boolean;
  only?: string;
  csv?: string;
  seed: number;
}

const program = new Command('bench')
  .description('measure the service and its peers side by side, and write docs/benchmarks.md')
  .option('--quick', 'one round of short runs; the document stays in .cache/bench/', false)
  .option('--only <names>', 'these servers only, separated by commas; the document stays in .cache/bench/')
  .option('--csv <path>', 'the publisher’s winequality-white.csv in place of generated rows')
  .option('--seed <n>', 'seed of the generated rows', Number, 1)
  .action(bench);

async function bench({ quick, only, csv, seed }: BenchOptions): Promise<void> {
  const contestants = chooseContestants(only);
  await assertTools();
  await pinToLoadCore();
  const cache = packagePath('.cache/bench');
  await mkdir(cache, { recursive: true });
  const say = (line: string): void => console.log(line);
  const results = await runBench({ contestants, plan: quick ? QUICK : FULL, cache, csv, seed, say });
  await writeFile(join(cache, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
  const published = !quick && only === undefined;
  const document = published ? packagePath('docs/benchmarks.md') : join(cache, 'benchmarks.md');
  const text = renderBenchmarks(results);
  await writeFile(document, text);
  say(text);
  say(`wrote ${document} and ${join(cache, 'results.json')}`);
  const failed = results.results.filter(({ failure }) => failure !== undefined);
  for (const { name, failure } of failed) console.error(`${name}: ${failure}`);
  // A peer that cannot be had is a line of the table; ours failing is a failure.
  if (failed.some(({ name }) => name === 'plumbline')) process.exitCode = 1;
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

try {
  await program.parseAsync();
} catch (error) {
  const known = error instanceof Error && error.cause !== undefined;
  process.stderr.write(`${known || !(error instanceof Error) ? String((error as Error).message) : error.stack}\n`);
  process.exitCode = 1;
}
