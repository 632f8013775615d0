import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { packagePath } from '../../core/package-path.js';
import { type ExportedWindow, runCalm } from './calm.js';
import { type DecisionResults, MOST_FALSE_ALARMS, renderDecisions } from './document.js';
import { askEvidently, writeWindow } from './evidently.js';
import { runOutlier } from './outlier.js';
import { runPower } from './power.js';

const FULL = { models: 1_050, repeats: 400, exportEvery: 10 };
const QUICK = { models: 40, repeats: 20, exportEvery: 10 };

const program = new Command('bench:decisions')
  .description('measure false alarms and power of the drift decisions beside fixed rules and Evidently')
  .option('--quick', 'few windows; the document stays in .cache/bench/', false)
  .option('--seed <n>', 'seed of everything that is drawn', Number, 1)
  .action(bench);

async function bench({ quick, seed }: { quick: boolean; seed: number }): Promise<void> {
  const plan = quick ? QUICK : FULL;
  const say = (line: string): void => console.log(line);
  const cache = packagePath('.cache/bench');
  const folder = join(cache, 'decisions');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const startedAt = performance.now();

  let exported = 0;
  const onExport = (window: ExportedWindow): Promise<void> =>
    writeWindow(join(folder, String(exported++).padStart(4, '0')), window);
  const calm = await runCalm({ ...plan, seed, onExport, say });
  const power = runPower({ ...plan, seed, say });
  const outlier = await runOutlier(seed, folder);
  say(`Evidently judges ${exported} windows`);
  const evidently = await askEvidently(folder, cache).catch((error: Error) => ({ reason: error.message }));

  const seconds = (performance.now() - startedAt) / 1_000;
  const results: DecisionResults = { seed, calm, power, outlier, evidently, seconds };
  await writeFile(join(cache, 'decisions.json'), `${JSON.stringify(results)}\n`);
  const text = renderDecisions(results);
  const document = quick ? join(cache, 'benchmarks-decisions.md') : packagePath('docs/benchmarks-decisions.md');
  await writeFile(document, text);
  say(`${text}\nwrote ${document}`);
  const missed = missedFigures(results);
  // A quick run is too short for its shares to mean anything.
  if (quick || missed.length === 0) return;
  for (const figure of missed) console.error(`not met: ${figure}`);
  process.exitCode = 1;
}

function missedFigures({ calm, power, outlier }: DecisionResults): string[] {
  const falseAlarms = calm.filter((window) => window.window).length / calm.length;
  return [
    ...(falseAlarms > MOST_FALSE_ALARMS ? [`${falseAlarms} of windows without drift alarm`] : []),
    ...power.flatMap(({ name, wanted, window }) => (wanted && window < wanted ? [`${name}: ${window}`] : [])),
    ...(outlier.exceededWithOutlier ? [] : ['the shift beside one value far away']),
  ];
}

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
