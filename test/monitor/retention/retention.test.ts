import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../../core/audit/verify.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { dropDay } from '../../../monitor/retention/drop-day.js';
import { sweepDependents } from '../../../monitor/retention/sweep.js';
import { runPass } from '../../../monitor/run.js';
import { rebuildSummaries } from '../../../monitor/summarise/rebuild.js';
import { createDatabase } from '../../helpers/postgres.js';
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

test('drops five days in one run at most, and goes on with the next', async () => {
  for (const day of ['01', '02', '03', '04', '05', '06', '07']) {
    await database.pool.query('select ensure_prediction_partition($1::date)', [`2025-03-${day}`]);
  }
  await pass();
  expect(await partitionDays(database.pool)).toEqual(['20250306', '20250307']);
  await pass();
  expect(await partitionDays(database.pool)).toEqual([]);
});

test('counts shadow rows as dropped, and not as acknowledged', async () => {
  await storeDay(database.pool, version, '2025-03-06', 10);
  await database.pool.query(
    `update predictions set source = 'shadow' where prediction_id in (select prediction_id from predictions limit 4)`,
  );
  await pass();
  const { rows } = await database.pool.query(
    `select row_count as acknowledged, (select details -> 'rows' from audit where action = 'predictions.dropped') as dropped
       from dropped_days`,
  );
  expect(rows).toEqual([{ acknowledged: 6, dropped: 10 }]);
});

test('counts the rows of every hour of a day, and none of the next', async () => {
  await database.pool.query(`select ensure_prediction_partition('2025-03-06')`);
  for (const time of ['06T00:00:00', '06T12:59:59', '06T23:59:58', '07T00:00:00']) {
    await storeLate(database.pool, version, `2025-03-${time}Z`, 2);
  }
  await runPass(watched.monitor);
  expect(await dropDay(database.pool, '2025-03-06', new Date())).toEqual({ rows: 6 });
  expect(await count('predictions')).toBe(2);
  // As a second monitor would that has seen the day before it went.
  expect(await dropDay(database.pool, '2025-03-06', new Date())).toEqual({ rows: undefined });
});

test('keeps outcomes of late rows for as long as the rows', async () => {
  await storeDay(database.pool, version, '2025-03-06', 10);
  await pass();
  await storeLate(database.pool, version, '2025-03-06T15:00:00Z', 3);
  await runPass(watched.monitor);
  await sweepDependents(database.pool, watched.monitor.clock(), 2);
  expect([await count('predictions'), await count('outcomes')]).toEqual([3, 3]);
  await pass();
  expect([await count('predictions'), await count('outcomes')]).toEqual([0, 0]);
});

test('counts made anew are the same where a bucket begins on a dropped day', async () => {
  const { pool } = database;
  // Seven minutes do not divide a day: one of them lies around this midnight.
  await storeDay(pool, version, '2025-03-07', 1);
  await storeLate(pool, version, '2025-03-07T23:59:58Z', 2);
  await pool.query(`select ensure_prediction_partition('2025-03-08')`);
  await storeLate(pool, version, '2025-03-08T00:00:00Z', 3);
  await storeLate(pool, version, '2025-03-08T12:00:00Z', 4);
  const monitor = { ...watched.monitor, bucketSeconds: 420 };
  await runPass(monitor);
  await retentionOf(monitor, 2)();
  const before = await counts();
  await rebuildSummaries({ pool, version, bucketSeconds: 420 });
  await runPass(monitor);
  expect(await partitionDays(pool)).toEqual(['20250308']);
  expect(await counts()).toEqual(before);
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
