import { mkdir, rm, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { packagePath } from '../../core/package-path.js';
import { commit, loadAverage } from '../document/machine.js';
import { parseArguments } from '../parse-arguments.js';
import { renderHealing } from './document.js';
import { healingFigures, healingSeconds, p99Growth } from './figures.js';
import { type Healing, heal } from './heal.js';
import { FULL, QUICK } from './plan.js';
import { readHealingResults, writeHealingResults } from './results.js';

interface Options {
  data: string;
  quick: boolean;
  only?: string;
}

const program = new Command('bench:healing')
  .description('measure how long a drifted example takes from alert to promotion, and what serving notices of it')
  .requiredOption('--data <folder>', 'where the publishers’ files are')
  .option('--quick', 'few rows, trials and seconds; the document stays in .cache/bench/', false)
  .option('--only <example>', `one of ${FULL.map(({ example }) => example.name).join(', ')}; the other stays as it was`)
  .action(bench);

async function bench({ data, quick, only }: Options): Promise<void> {
  const plans = quick ? QUICK : FULL;
  const chosen = plans.filter(({ example }) => only === undefined || example.name === only);
  if (chosen.length === 0) throw new Error(`there is no example ${only} here`, { cause: 'options' });
  const cache = packagePath('.cache/bench');
  await mkdir(cache, { recursive: true });
  const document = quick ? join(cache, 'benchmarks-healing.md') : packagePath('docs/benchmarks-healing.md');
  const file = join(cache, quick ? 'healing-quick.json' : 'healing.json');
  // A run whose loop fails leaves what was there.
  const results = await readHealingResults(file);
  for (const plan of chosen) {
    const { name } = plan.example;
    const where = {
      ...{ measuredAt: new Date().toISOString(), commit: await commit(), node: process.version },
      ...{ processor: cpus()[0]?.model.trim() ?? 'unknown', cores: cpus().length, loadAverage: loadAverage() },
    };
    const loops: Healing[] = [];
    while (loops.length < plan.loops) {
      const folder = join(cache, 'healing', name);
      loops.push(await heal(plan, { folder, data, say: (line) => console.log(line) }));
      const last = loops.at(-1)!;
      const { times, trainingRequests } = p99Growth(loops);
      console.log(
        `${name}: ${healingSeconds(last)} s from alert to promotion; p99 grew by ${times} so far, ${trainingRequests} requests`,
      );
    }
    results[name] = { ...where, loops };
    await writeHealingResults(file, results);
  }
  await rm(join(cache, 'healing'), { recursive: true, force: true });
  const text = renderHealing(results, plans);
  await writeFile(document, text);
  console.log(`${text}\nwrote ${document}`);
  // Few requests in a short training say little.
  if (quick) return;
  for (const { what, wanted, met } of healingFigures(results, plans)) {
    if (met !== false) continue;
    console.error(`not met: ${what} ${wanted}`);
    process.exitCode = 1;
  }
}

await parseArguments(program);
