import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../../core/audit/verify.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { runPass } from '../../../monitor/run.js';
import { rebuildSummaries } from '../../../monitor/summarise/rebuild.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { addChampion, testManifest, testMonitor } from '../fixture.js';
import { at, partitionDays, retentionOf, storeDay, storeLate } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let version: ModelVersion;
let watched: ReturnType<typeof testMonitor>;
beforeEach(async () => {
  database = await createDatabase();
  version = await addChampion(database.pool, testManifest('kept'));
  watched = testMonitor(database.pool);
  watched.setTime(at('2025-03-10T09:00:00Z'));
});
afterEach(() => database.drop());

const count = async (table: string): Promise<number> => {
  const { rows } = await database.pool.query<{ n: number }>(`select count(*) as n from ${table}`);
  return rows[0]!.n;
};
const counts = async (): Promise<object[][]> => {
  const tables = ['summaries', 'performance_summaries', 'quality_summaries'];
  return Promise.all(
    tables.map(async (table) => (await database.pool.query(`select * from ${table} t order by t::text`)).rows),
  );
};
/** A pass of the monitor, then retention of two days. */
const pass = async (): Promise<void> => {
  expect(await runPass(watched.monitor)).toEqual([]);
  await retentionOf(watched.monitor, 2)();
};

test('drops days that are older with what belongs to them, and keeps counts, verdicts and the trail', async () => {
  for (const day of ['2025-03-06', '2025-03-07', '2025-03-08', '2025-03-10']) {
    await storeDay(database.pool, version, day, 10);
  }
  await database.pool.query(
    `insert into alert_deliveries (received_at, payload) values ('2025-03-07T23:59:59Z', '{}'), ('2025-03-08T00:00:00Z', '{}')`,
  );
  watched.setTime(at('2025-03-10T23:59:59Z'));
  await runPass(watched.monitor);
  const before = await counts();
  await pass();
  expect(await partitionDays(database.pool)).toEqual(['20250308', '20250310']);
  expect([await count('predictions'), await count('outcomes')]).toEqual([20, 20]);
  expect([await count('capture_batches'), await count('alert_deliveries')]).toEqual([2, 1]);
  expect(await counts()).toEqual(before);
  const { rows } = await database.pool.query(
    `select model_name, details from audit where action = 'predictions.dropped' order by sequence`,
  );
  expect(rows).toEqual(['2025-03-06', '2025-03-07'].map((day) => ({ model_name: 'kept', details: { day, rows: 10 } })));
  expect((await verifyAudit(database.pool)).problems).toEqual([]);
  const text = await watched.registry.metrics();
  expect(text).toContain('monitor_day_drops_total 2\n');
  expect(text).toContain('monitor_dropped_rows_total 20\n');
  await pass();
  expect(await watched.registry.metrics()).toContain('monitor_day_drops_total 2\n');
});

test('a clock that jumps ahead drops nothing that Postgres would not call old', async () => {
  const today = new Date().toISOString().slice(0, 10);
  await storeDay(database.pool, version, today, 5);
  watched.setTime(at('2090-01-01T00:00:00Z'));
  await pass();
  expect(await partitionDays(database.pool)).toEqual([today.replaceAll('-', '')]);
});

test('a row that comes late to a dropped day is stored, counted, and dropped by the next run', async () => {
  await storeDay(database.pool, version, '2025-03-06', 10);
  await pass();
  await storeLate(database.pool, version, '2025-03-06T15:00:00Z', 3);
  await retentionOf(watched.monitor, 2)();
  expect(await count('predictions')).toBe(3);
  expect(await watched.registry.metrics()).toContain('monitor_day_drops_held{reason="unsummarised"} 1\n');
  await pass();
  expect([await count('predictions'), await count('outcomes'), await count('capture_batches')]).toEqual([0, 0, 0]);
  const { rows } = await database.pool.query(
    `select (select row_count from dropped_days) as dropped,
            (select sum(row_count) from summaries where segment = '' and bucket_seconds = 60)::int as counted`,
  );
  expect(rows).toEqual([{ dropped: 13, counted: 13 }]);
  expect(await watched.registry.metrics()).toContain('monitor_day_drops_held{reason="unsummarised"} 0\n');
});

test('counts made anew keep those of dropped days, and what is counted late is not lost', async () => {
  const { pool } = database;
  await storeDay(pool, version, '2025-03-06', 10);
  await storeDay(pool, version, '2025-03-09', 10);
  await pass();
  await runPass(watched.monitor);
  const before = await counts();
  await storeLate(pool, version, '2025-03-06T15:00:00Z', 3);
  expect(await rebuildSummaries({ pool, version, bucketSeconds: 60 })).toBe(10);
  expect((await counts())[0]).toEqual(before[0]);
  await runPass(watched.monitor);
  const { rows } = await pool.query(
    `select sum(row_count)::int as n from summaries where segment = '' and bucket_seconds = 60`,
  );
  expect(rows).toEqual([{ n: 23 }]);
});

test('lets the writers wait a second at most behind a long reader, and drops the day later', async () => {
  const { pool } = database;
  await storeDay(pool, version, '2025-03-06', 10);
  await storeDay(pool, version, '2025-03-10', 1);
  await runPass(watched.monitor);
  const reader = await pool.connect();
  await reader.query('begin; select count(*) from predictions');
  const run = retentionOf(watched.monitor, 2);
  const attempt = run();
  await until('retention to wait for its lock', async () => {
    const waiting = await pool.query(`select from pg_locks where not granted and relation = 'predictions'::regclass`);
    return waiting.rows.length > 0;
  });
  // Behind it in the queue, and stored while the reader still reads.
  await storeLate(pool, version, '2025-03-10T13:00:00Z', 1);
  await attempt;
  expect(await watched.registry.metrics()).toContain('monitor_day_drops_held{reason="locked"} 1\n');
  expect(await count('predictions')).toBe(12);
  await reader.query('rollback');
  reader.release();
  await runPass(watched.monitor);
  await run();
  expect(await partitionDays(pool)).toEqual(['20250310']);
});

test('two monitors drop each day once', async () => {
  for (const day of ['2025-03-05', '2025-03-06', '2025-03-07']) await storeDay(database.pool, version, day, 4);
  await runPass(watched.monitor);
  const second = testMonitor(database.pool);
  second.setTime(at('2025-03-10T09:00:00Z'));
  await Promise.all([retentionOf(watched.monitor, 2)(), retentionOf(second.monitor, 2)()]);
  await retentionOf(watched.monitor, 2)();
  const { rows } = await database.pool.query('select day::text, row_count as n from dropped_days order by 1');
  expect(rows).toEqual(['2025-03-05', '2025-03-06', '2025-03-07'].map((day) => ({ day, n: 4 })));
});
