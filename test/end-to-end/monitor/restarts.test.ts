import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { freePort } from '../../../core/http/free-port.js';
import { compiledPath } from '../../../core/package-path.js';
import { type EmbeddedServer, startEmbeddedPostgres } from '../../../core/postgres/embedded.js';
import { migrate } from '../../../core/postgres/migrate.js';
import { createPool, type Pool } from '../../../core/postgres/pool.js';
import { createRandom } from '../../../core/random.js';
import { rebuildSummaries } from '../../../monitor/summarise/rebuild.js';
import { loadWindows } from '../../../monitor/verdicts/stored.js';
import { until } from '../../helpers/until.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest } from '../../monitor/fixture.js';

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** A Postgres of this test's own, and a pool to it that lives through its deaths. */
async function startPostgres() {
  const home = await mkdtemp(join(tmpdir(), 'plumbline-restarts-'));
  // Postgres does not run as root: its user must be able to enter.
  await chmod(home, 0o755);
  undo.push(() => rm(home, { recursive: true, force: true }));
  const port = await freePort();
  const start = (): Promise<EmbeddedServer> =>
    startEmbeddedPostgres({
      dataFolder: join(home, 'postgres'),
      port,
      password: 'test',
      // What is killed loses nothing that the kernel has: no need to wait for the disk.
      settings: ['fsync=off'],
    });
  let server = await start();
  undo.push(() => server.stop());
  const pool = createPool({ connectionString: server.url, applicationName: 'test', onError: () => undefined });
  undo.push(() => pool.end());
  await migrate(pool);
  return {
    pool,
    url: server.url,
    /** Kills Postgres as a failure would, and starts it again once the killed one is gone. */
    restart: async (): Promise<void> => {
      const pid = Number((await readFile(join(home, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
      process.kill(pid, 'SIGKILL');
      server = await until('Postgres to start again', start, 30_000);
    },
  };
}

/** A monitor with passes of a few rows a transaction every second, as a process. */
function startMonitor(databaseUrl: string): { child: ChildProcess; log: () => string } {
  const child = spawn(process.execPath, [compiledPath('monitor/main.js')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      MONITOR_PORT: '0',
      MONITOR_SCHEDULE: '* * * * * *',
      MONITOR_ALERTING: 'prometheus',
      MONITOR_BATCH_ROWS: '400',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  undo.push(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => {
    log += chunk.toString('utf8');
  });
  return { child, log: () => log };
}

const PARTS = 6;
const MINUTES_A_PART = 10;
const MINUTES = PARTS * MINUTES_A_PART;
const ROWS_A_MINUTE = 300;

const countOf = async (pool: Pool, sql: string): Promise<number> => Number((await pool.query(sql)).rows[0].n);

test('Postgres killed again and again in the middle of passes: each row counts once, each window is decided once', async () => {
  const postgres = await startPostgres();
  const { pool } = postgres;
  const version = await addChampion(pool, testManifest('restarted', { window: { rows: ROWS_A_MINUTE } }));
  const monitor = startMonitor(postgres.url);
  const counted = (): Promise<number> =>
    countOf(pool, `select coalesce(sum(row_count), 0) as n from summaries where bucket_seconds = 60`);
  const random = createRandom(31);
  for (let minute = 0; minute < MINUTES; minute++) {
    const rows = drawRows(random, ROWS_A_MINUTE, minute >= MINUTES / 2 ? 1 : 0);
    await storeBatch(pool, version, { at: spread(NOON + minute * 60, 60, ROWS_A_MINUTE), rows });
    if ((minute + 1) % MINUTES_A_PART !== 0) continue;
    // Killed as soon as a pass has begun with these rows.
    const before = (minute + 1 - MINUTES_A_PART) * ROWS_A_MINUTE;
    await until('a pass to begin', async () => (await counted()) > before);
    await postgres.restart();
  }
  await until(
    'every window',
    async () => (await countOf(pool, 'select count(*) as n from drift_windows')) === MINUTES,
    60_000,
  );
  await until('the performance of every window', async () => {
    return (await countOf(pool, 'select count(*) as n from performance_windows where not stale')) === MINUTES;
  });

  expect(monitor.child.exitCode).toBeNull();
  expect(monitor.log()).toContain('database connection lost');
  expect(await counted()).toBe(MINUTES * ROWS_A_MINUTE);
  const windows = (await loadWindows(pool, { modelName: 'restarted', limit: 100 })).reverse();
  expect(windows.map((window) => window.rowCount)).toEqual(new Array(MINUTES).fill(ROWS_A_MINUTE));
  const drifted = windows.map((window) => window.verdict === 'drift');
  expect(drifted.indexOf(true)).toBe(MINUTES / 2 + 1);
  expect(drifted.slice(MINUTES / 2 + 1).every(Boolean)).toBe(true);
  // Counted anew from the rows by one that nobody disturbs, every count is the same.
  const summaries = `select bucket_seconds, bucket_start, row_count, counts from summaries order by 1, 2`;
  const before = (await pool.query(summaries)).rows;
  await rebuildSummaries({ pool, version, bucketSeconds: 60 });
  expect((await pool.query(summaries)).rows).toEqual(before);
});
