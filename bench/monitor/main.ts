import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { startDatabase } from '../../cli/stack/database.js';
import { compiledPath, packagePath } from '../../core/package-path.js';
import { migrate } from '../../core/postgres/migrate.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { describeMachine } from '../document/machine.js';
import { compareEstimates } from '../estimates/compare.js';
import { runToEnd } from '../run-to-end.js';
import { prepareEnvironment } from '../servers/environments.js';
import { exportRows } from './export-rows.js';
import type { FoldResult } from './fold-main.js';
import { loadRows } from './load-rows.js';
import { measureWindows } from './measure-windows.js';
import { drawReference, registerBenchModel } from './model.js';
import { runPeers } from './peers.js';
import { renderMonitorBench } from './render.js';

interface Options {
  rows: number;
  peerRows: number;
  data?: string;
  write: boolean;
}

const program = new Command('bench:monitor')
  .description('measure the monitor beside its peers, and write docs/benchmarks-monitor.md')
  .option('--rows <n>', 'rows to fold through Postgres', Number, 10_000_000)
  .option('--peer-rows <n>', 'rows that the peers compute from', Number, 1_000_000)
  .option('--data <folder>', 'folder with obesity.csv, car_data.csv and kickstarter.csv; no estimates without it')
  .option('--no-write', 'leave docs/benchmarks-monitor.md as it is; the document is in .cache/bench-monitor/')
  .action(bench);

const MAXIMUM_ROWS = 200_000;
const WINDOW_REPEATS = 50;
const say = (line: string): void => console.error(line);

async function bench({ rows, peerRows, data, write }: Options): Promise<void> {
  const cache = packagePath('.cache/bench-monitor');
  const home = join(cache, 'home');
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  const database = await startDatabase({
    databaseUrl: undefined,
    home,
    port: 0,
    password: randomBytes(16).toString('hex'),
    say,
  });
  const pool = createPool({ connectionString: database.url, applicationName: 'bench', onError: () => undefined });
  try {
    await migrate(pool);
    const measured = await measure(pool, database.url, cache, { rows, peerRows });
    const estimates = data === undefined ? undefined : await estimate(data, cache);
    const text = renderMonitorBench({ ...measured, estimates, machine: await describeMachine() });
    const published = write && data !== undefined && rows >= 10_000_000;
    await writeFile(join(cache, 'benchmarks-monitor.md'), text);
    if (published) await writeFile(packagePath('docs/benchmarks-monitor.md'), text);
    console.log(text);
  } finally {
    await pool.end();
    await database.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function measure(pool: Pool, url: string, cache: string, { rows, peerRows }: { rows: number; peerRows: number }) {
  const reference = drawReference();
  const version = await registerBenchModel(pool, reference);
  await loadRows(pool, rows, say);
  const fold = JSON.parse(
    await runToEnd(process.execPath, [compiledPath('bench/monitor/fold-main.js'), url, String(MAXIMUM_ROWS)]),
  ) as FoldResult;
  say(`folded ${fold.rows} rows in ${fold.seconds.toFixed(1)} s`);
  const windows = await measureWindows(pool, version, WINDOW_REPEATS);
  const newest = Math.min(rows, peerRows);
  await exportRows(pool, reference, newest, cache);
  const { results: peers, failures } = await runPeers(cache, cache, say);
  return { fold, windows, peers, failures, peerRows: newest, maximumRows: MAXIMUM_ROWS };
}

async function estimate(data: string, cache: string) {
  const prepared = await prepareEnvironment('nannyml', cache);
  if ('reason' in prepared) throw new Error(prepared.reason);
  const output = join(cache, 'estimates.jsonl');
  await runToEnd(join(prepared.folder, 'bin/python'), [packagePath('bench/estimates/estimate.py'), data, output]);
  return compareEstimates(output);
}

await program.parseAsync();
