import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { compiledPath } from '../../core/package-path.js';
import { createRandom } from '../../core/random.js';
import { createDatabase } from '../helpers/postgres.js';
import { until } from '../helpers/until.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
const children: ChildProcess[] = [];
beforeAll(async () => {
  database = await createDatabase();
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => database.drop());

/** Starts the compiled monitor on a free port. `log` gives what it has written so far. */
async function start(databaseUrl: string, settings: Record<string, string> = {}) {
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    MONITOR_PORT: '0',
    MONITOR_SCHEDULE: '* * * * * *',
    MONITOR_ALERTING: 'prometheus',
    ...settings,
  };
  const child = spawn(process.execPath, [compiledPath('monitor/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let log = '';
  child.stdout.on('data', (chunk) => {
    log += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const port = await until('the port in the log', () => /"port":(\d+)/.exec(log)?.[1]);
  const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  return { child, exit, get, log: () => log };
}

test('runs by its schedule, exports what it decided, and ends in good order', async () => {
  const version = await addChampion(database.pool, testManifest('scheduled'));
  const { child, exit, get } = await start(database.url);
  await until('ready', async () => (await get('/health/ready')).ok);
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows: drawRows(createRandom(71), 300) });
  const metrics = await until('the window in the metrics', async () => {
    const text = await (await get('/metrics')).text();
    // The window is shown a little before its run has ended.
    const isDone = /monitor_last_success_timestamp_seconds 1\.?\d+/.test(text);
    return isDone && text.includes('monitor_window_rows{model_name="scheduled",model_version="1"} 300') && text;
  });
  expect(metrics).toContain('monitor_period_seconds 1\n');
  expect(metrics).toContain('monitor_rows_summarised_total 300\n');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('writes reports by their schedule, and opens the console to its token', async () => {
  await addChampion(database.pool, testManifest('reported'));
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-reports-'));
  const { child, exit, get } = await start(database.url, {
    MONITOR_CONSOLE_TOKEN: 'a-token-of-this-test',
    MONITOR_REPORT_FOLDER: folder,
    MONITOR_REPORT_SCHEDULE: '* * * * * *',
  });
  await until('a report', async () =>
    (await readdir(join(folder, 'reported'))).some((name) => name.endsWith('-data-drift.html')),
  );
  expect(await (await get('/')).text()).toContain('Token of this monitor');
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  await rm(folder, { recursive: true });
});

test('without Postgres is live and not ready, keeps trying, and still ends in good order', async () => {
  const { child, exit, get, log } = await start('postgres://nobody@127.0.0.1:9/none');
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/health/ready')).status).toBe(503);
  await until('a second attempt', () => log().split('database not usable yet').length > 2);
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});
