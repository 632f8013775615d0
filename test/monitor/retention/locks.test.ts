import { afterEach, beforeEach, expect, test } from 'vitest';
import { LOCKS } from '../../../core/postgres/locks.js';
import { type Client, withTransaction } from '../../../core/postgres/pool.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { lockPerformance } from '../../../monitor/performance/lock-performance.js';
import { dropDay } from '../../../monitor/retention/drop-day.js';
import { runPass } from '../../../monitor/run.js';
import { rebuildSummaries } from '../../../monitor/summarise/rebuild.js';
import { leaveOutDropped } from '../../../service/capture/leave-out-dropped.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { addChampion, testManifest, testMonitor } from '../fixture.js';
import { at, partitionDays, retentionOf, storeDay, storeLate } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let version: ModelVersion;
let watched: ReturnType<typeof testMonitor>;
beforeEach(async () => {
  database = await createDatabase();
  version = await addChampion(database.pool, testManifest('locked'));
  watched = testMonitor(database.pool);
  watched.setTime(at('2025-03-10T09:00:00Z'));
  await storeDay(database.pool, version, '2025-03-06', 10);
  await runPass(watched.monitor);
});
afterEach(() => database.drop());

const drop = () => dropDay(database.pool, '2025-03-06', new Date('2025-03-10T09:00:00Z'));

/** Runs `work` while another connection is in a transaction that has done `hold`. */
async function beside(hold: (client: Client) => Promise<unknown>, work: () => Promise<void>): Promise<void> {
  await withTransaction(database.pool, async (client) => {
    await hold(client);
    await work();
  });
}

const untilOneWaits = (): Promise<unknown> =>
  until('a session to wait for a lock', async () => {
    const { rows } = await database.pool.query(
      `select from pg_locks where not granted and locktype = 'advisory'
       and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.length > 0;
  });

test('gives way to a long reader, leaves the table alone for ten minutes, and drops the day then', async () => {
  const { pool } = database;
  await storeDay(pool, version, '2025-03-10', 1);
  const run = retentionOf(watched.monitor, 2);
  const reading = (client: Client) => client.query('select count(*) from predictions');
  await beside(reading, async () => {
    // The writer may come to stand behind the drop: both end while the reader still reads.
    await Promise.all([run(), storeLate(pool, version, '2025-03-10T13:00:00Z', 1)]);
    expect(await watched.registry.metrics()).toContain('monitor_day_drops_held{reason="locked"} 1\n');
    expect(await drop()).toEqual({ held: 'locked' });
  });
  await runPass(watched.monitor);
  watched.setTime(at('2025-03-10T09:09:59Z'));
  await run();
  expect(await partitionDays(pool)).toEqual(['20250306', '20250310']);
  expect(await watched.registry.metrics()).toContain('monitor_day_drops_held{reason="locked"} 1\n');
  watched.setTime(at('2025-03-10T09:10:00Z'));
  await run();
  expect(await partitionDays(pool)).toEqual(['20250310']);
});

test('a drop that is paused in the middle is ended by Postgres within seconds', async () => {
  await database.pool.query(`create table seen (setting text);
    create function note_setting() returns trigger language plpgsql as $$ begin
      insert into seen values (current_setting('idle_in_transaction_session_timeout')); return new; end $$;
    create trigger note_setting before insert on dropped_days for each row execute function note_setting()`);
  expect(await drop()).toEqual({ rows: 10 });
  expect((await database.pool.query('select setting from seen')).rows).toEqual([{ setting: '5s' }]);
});

test('no day goes while counts are made anew: they could not be made without its rows', async () => {
  const { pool } = database;
  const counted = async (): Promise<object[]> => (await pool.query('select * from summaries t order by t::text')).rows;
  const before = await counted();
  let rebuilding: Promise<number> | undefined;
  // It has begun, and waits for its turn.
  const hold = (client: Client) => lockPerformance(client, version.modelName);
  await beside(hold, async () => {
    rebuilding = rebuildSummaries({ pool, version, bucketSeconds: 60 });
    await untilOneWaits();
    expect(await drop()).toEqual({ held: 'locked' });
  });
  expect(await rebuilding).toBe(10);
  await runPass(watched.monitor);
  expect(await drop()).toEqual({ rows: 10 });
  expect(await counted()).toEqual(before);
});

test('no day goes while old rows are stored, and they wait while one goes', async () => {
  const part = { spoolId: version.modelName, columns: '', records: [], rows: 0, end: 0 };
  await beside(
    (client) => leaveOutDropped(client, part),
    async () => expect(await drop()).toEqual({ held: 'locked' }),
  );
  let storing: Promise<unknown> | undefined;
  const dropping = (client: Client) => client.query('select pg_advisory_xact_lock($1)', [LOCKS.retention]);
  await beside(dropping, async () => {
    storing = withTransaction(database.pool, (client) => leaveOutDropped(client, part));
    await untilOneWaits();
  });
  expect(await storing).toEqual(part);
});
