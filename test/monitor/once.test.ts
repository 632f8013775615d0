import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiledPath } from '../../core/package-path.js';
import { createRandom } from '../../core/random.js';
import { loadWindows } from '../../monitor/verdicts/stored.js';
import { createDatabase } from '../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest } from './fixture.js';

const entry = compiledPath('monitor/main.js');
let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  if (!existsSync(entry)) throw new Error(`${entry} is not there: run npm run build`);
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Runs `node dist/monitor/main.js --once` to its end. */
async function once(environment: Record<string, string>): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, MONITOR_ALERTING: 'prometheus', ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [entry, '--once'], { env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

test('--once runs one pass and exits with 0', async () => {
  const version = await addChampion(database.pool, testManifest('once'));
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows: drawRows(createRandom(61), 300) });
  const { code, stdout, stderr } = await once({ DATABASE_URL: database.url });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('"msg":"window decided"');
  expect(await loadWindows(database.pool, { modelName: 'once', limit: 10 })).toMatchObject([{ rowCount: 300 }]);
});

test('--once drops what is older than MONITOR_RETENTION_DAYS once it is counted', async () => {
  const old = await createDatabase();
  const version = await addChampion(old.pool, testManifest('old'));
  await storeBatch(old.pool, version, { at: spread(NOON, 60, 50), rows: drawRows(createRandom(63), 50) });
  const kept = await once({ DATABASE_URL: old.url });
  expect(kept.stdout).toContain('"msg":"predictions are kept for ever: MONITOR_RETENTION_DAYS is not set"');
  const { code, stdout } = await once({ DATABASE_URL: old.url, MONITOR_RETENTION_DAYS: '1' });
  expect(code).toBe(0);
  expect(stdout).toContain('"day":"2026-01-15","rows":50,"retentionDays":1,"msg":"predictions of a day dropped"');
  const { rows } = await old.pool.query(
    `select (select count(*)::int from predictions) as stored, (select sum(row_count)::int from summaries where bucket_seconds = 60) as counted`,
  );
  expect(rows).toEqual([{ stored: 0, counted: 50 }]);
  await old.drop();
});

test('--once exits with 1 when a model failed, having logged why', async () => {
  const failing = await createDatabase();
  const version = await addChampion(failing.pool, testManifest('failing'));
  await storeBatch(failing.pool, version, { at: spread(NOON, 60, 300), rows: drawRows(createRandom(62), 300) });
  await failing.pool.query('drop table verdicts');
  const { code, stdout, stderr } = await once({ DATABASE_URL: failing.url });
  expect(code).toBe(1);
  expect(stdout).toContain('relation \\"verdicts\\" does not exist');
  expect(stderr).toBe('monitor: the run failed; the log lines above say why\n');
  await failing.drop();
});

test('--once exits with 1 on an empty database and names the command', async () => {
  const empty = await createDatabase({ empty: true });
  const { code, stderr } = await once({ DATABASE_URL: empty.url });
  expect(code).toBe(1);
  expect(stderr).toContain('run plumbline migrate');
  await empty.drop();
});

test('wrong settings are refused, all at once', async () => {
  const { code, stderr } = await once({ MONITOR_PORT: 'x', MONITOR_ALERTING: 'direct' });
  expect(code).toBe(1);
  expect(stderr).toContain('DATABASE_URL  is not set');
  expect(stderr).toContain('MONITOR_PORT  "x" is not valid');
});
