import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { packagePath } from '../../core/package-path.js';
import { compareOnSplit } from './compare-one.js';
import { DATA_SETS, loadSplit } from './data-sets.js';
import { missedFigures, renderTraining } from './document.js';
import { preparePython } from './python.js';
import { readTrainingResults, type TrainingResults, writeTrainingResults } from './results.js';
import { SIZES, timeOne } from './time-one.js';

const FULL = { trials: 50, seeds: [1, 2, 3] };
const QUICK = { trials: 10, seeds: [1] };
const CPU = 'cpu';
const SECTIONS = [...DATA_SETS.map(({ name }) => name), CPU];

interface Options {
  data?: string;
  quick: boolean;
  only?: string[];
  again: boolean;
  trials?: number;
}

const program = new Command('bench:training')
  .description('compare the built-in trainer with LightGBM, and write docs/benchmarks-training.md')
  .option('--data <folder>', 'where the publishers’ files are; needed for everything but the section cpu')
  .option('--quick', 'few trials on one split; the document stays in .cache/bench/', false)
  .option('--only <sections...>', `these only, each in quotes: ${SECTIONS.join('; ')}`)
  .option('--trials <n>', 'trials of both searches; the document stays in .cache/bench/', Number)
  .option('--again', 'measure what was measured before once more', false)
  .action(bench);

async function bench({ data, quick, only, again, trials }: Options): Promise<void> {
  const sections = only ?? SECTIONS;
  const unknown = sections.find((name) => !SECTIONS.includes(name));
  if (unknown !== undefined) throw new Error(`there is no section "${unknown}", but ${SECTIONS.join('; ')}`);
  const plan = { ...(quick ? QUICK : FULL), ...(trials !== undefined && { trials }) };
  const isPublished = !quick && trials === undefined;
  const cache = packagePath('.cache/bench');
  await mkdir(cache, { recursive: true });
  const document = isPublished ? packagePath('docs/benchmarks-training.md') : join(cache, 'benchmarks-training.md');
  const file = join(cache, isPublished ? 'training.json' : 'training-quick.json');
  const results = await readTrainingResults(file);
  const { python, packages } = await preparePython(cache);
  results.packages = packages;
  const keep = async (): Promise<void> => {
    await writeTrainingResults(file, results);
    await writeFile(document, renderTraining(results));
  };

  for (const set of DATA_SETS.filter(({ name }) => sections.includes(name))) {
    if (data === undefined) throw new Error(`${set.name} needs --data FOLDER with the publishers’ files`);
    const bySeed = results.splits[set.name] ?? {};
    results.splits[set.name] = bySeed;
    for (const seed of plan.seeds) {
      if (bySeed[seed]?.trials === plan.trials && !again) continue;
      const split = await loadSplit(set, data, seed);
      const script = packagePath('bench/training/lightgbm/tune.py');
      const folder = join(cache, 'training-split');
      bySeed[seed] = await compareOnSplit({ split, seed, trials: plan.trials, folder, python, script });
      const { builtIn, lightgbm } = bySeed[seed];
      console.log(`${set.name}, split ${seed}: ${JSON.stringify(builtIn)}\n  LightGBM ${JSON.stringify(lightgbm)}`);
      await keep();
    }
  }
  if (sections.includes(CPU) && (again || results.times.length === 0)) await measureTimes(results, cache, python);
  await keep();
  console.log(`${renderTraining(results)}\nwrote ${document}`);
  // Few trials on one split say little.
  if (!isPublished) return;
  for (const figure of missedFigures(results)) {
    console.error(`not met: ${figure}`);
    process.exitCode = 1;
  }
}

async function measureTimes(results: TrainingResults, cache: string, python: string): Promise<void> {
  results.times = [];
  for (const size of SIZES) {
    const timed = await timeOne(size, join(cache, 'training-split'), python);
    console.log(JSON.stringify(timed));
    results.times.push(timed);
  }
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
