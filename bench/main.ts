import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { packagePath } from '../core/package-path.js';
import { chooseContestants } from './contestants/all.js';
import { renderBenchmarks } from './document/render.js';
import { type BenchResults, readResults } from './document/results-file.js';
import { parseArguments } from './parse-arguments.js';
import { assertTools, pinToLoadCore } from './pin.js';
import { FULL, QUICK } from './plan.js';
import { runBench } from './run.js';
import { chooseSections, SECTION_NAMES } from './sections/all.js';

interface BenchOptions {
  quick: boolean;
  only?: string;
  servers?: string;
  csv?: string;
  seed: number;
}

const program = new Command('bench')
  .description('measure the service and its peers side by side, and write docs/benchmarks.md')
  .option('--quick', 'one round of short runs; the document stays in .cache/bench/', false)
  .option(
    '--only <sections>',
    `these sections only, separated by commas (${SECTION_NAMES.join(', ')}); others stay as they were`,
  )
  .option(
    '--servers <names>',
    'these servers only in the section that compares them; the document stays in .cache/bench/',
  )
  .option('--csv <path>', 'the publisher’s winequality-white.csv in place of generated rows')
  .option('--seed <n>', 'seed of the generated rows', Number, 1)
  .action(bench);

async function bench({ quick, only, servers, csv, seed }: BenchOptions): Promise<void> {
  const sections = chooseSections(only);
  const contestants = chooseContestants(servers);
  await assertTools();
  await pinToLoadCore();
  const cache = packagePath('.cache/bench');
  await mkdir(cache, { recursive: true });
  const say = (line: string): void => console.log(line);
  const published = !quick && servers === undefined;
  const document = published ? packagePath('docs/benchmarks.md') : join(cache, 'benchmarks.md');
  // Beside the document, so that a section can be measured again and the others told as they were.
  const file = document.replace(/md$/, 'json');
  const onSection = async (measured: BenchResults): Promise<void> => {
    const results = { ...(await readResults(file)), ...measured };
    // What went wrong may name files of this machine.
    const write = (path: string, text: string): Promise<void> =>
      writeFile(path, text.replaceAll(packagePath('.'), '.'));
    await write(file, `${JSON.stringify(results, null, 2)}\n`);
    await write(document, renderBenchmarks(results, await readdir(packagePath('docs'))));
  };
  await runBench({ sections, contestants, plan: quick ? QUICK : FULL, cache, csv, seed, say, onSection });
  const results = await readResults(file);
  say(renderBenchmarks(results, await readdir(packagePath('docs'))));
  say(`wrote ${document} and ${file}`);
  for (const name of sections) {
    const failure = results[name]?.failure;
    if (failure === undefined) continue;
    console.error(`section ${name}: ${failure}`);
    process.exitCode = 1;
  }
  // A peer that cannot be had is a line of the table; ours failing is a failure.
  const ours = results.servers?.found?.results.find(({ name }) => name === 'plumbline');
  if (sections.includes('servers') && ours?.failure !== undefined) {
    console.error(`plumbline: ${ours.failure}`);
    process.exitCode = 1;
  }
}

await parseArguments(program);
