import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensurePartitions, keepPartitions } from '../../service/partitions.js';
import { createDatabase } from '../helpers/postgres.js';
import { until } from '../helpers/until.js';
import { silent } from './harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const day = (text: string): Date => new Date(`${text}T12:00:00Z`);

async function insertRow(requestedAt: string): Promise<string> {
  const { rows } = await database.pool.query(
    `insert into predictions (prediction_id, requested_at, model_name, model_version, batch_id, source,
       numeric_features, categorical_features, latency_us, request_id)
     values (gen_random_uuid(), $1, 'm', 1, gen_random_uuid(), 'live', '{1.5,null}', '{a}', 7, 'r')
     returning prediction_id as id`,
    [requestedAt],
  );
  return rows[0].id;
}

async function partitionOf(id: string): Promise<string> {
  const { rows } = await database.pool.query(
    'select tableoid::regclass::text as name from predictions where prediction_id = $1',
    [id],
  );
  expect(rows).toHaveLength(1);
  return rows[0].name;
}

async function partitions(): Promise<string[]> {
  const { rows } = await database.pool.query(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'predictions'::regclass order by 1`,
  );
  return rows.map((row) => row.name);
}

test('creates yesterday to a week ahead with the keys and indexes of the table, and does so once', async () => {
  await ensurePartitions(database.pool, new Date('2026-01-31T23:59:59Z'));
  await ensurePartitions(database.pool, new Date('2026-01-31T00:00:00Z'));
  const days = ['0130', '0131', '0201', '0202', '0203', '0204', '0205', '0206', '0207'];
  expect(await partitions()).toEqual([...days.map((date) => `predictions_2026${date}`), 'predictions_default']);
  const { rows } = await database.pool.query(
    `select count(*)::int as n from pg_index i join pg_inherits h on h.inhrelid = i.indexrelid
      where i.indrelid = 'predictions_20260131'::regclass`,
  );
  expect(rows[0].n).toBe(3);
  expect(await partitionOf(await insertRow('2026-01-31T23:59:59.999Z'))).toBe('predictions_20260131');
});

// One such row once kept its day from being created for good, and with it every later day.
test('moves the rows of a day out of the default partition when it creates the day', async () => {
  const ids = await Promise.all(
    ['2026-03-09T23:59:59.999Z', '2026-03-10T00:00:00Z', '2026-03-10T23:59:59.999Z', '2026-03-11T00:00:00Z'].map(
      insertRow,
    ),
  );
  for (const id of ids) expect(await partitionOf(id)).toBe('predictions_default');
  await database.pool.query(`select ensure_prediction_partition('2026-03-10')`);
  expect(await Promise.all(ids.map(partitionOf))).toEqual([
    'predictions_default',
    'predictions_20260310',
    'predictions_20260310',
    'predictions_default',
  ]);
  await ensurePartitions(database.pool, day('2026-03-10'));
  expect(await partitionOf(ids[0]!)).toBe('predictions_20260309');
  expect(await partitionOf(ids[3]!)).toBe('predictions_20260311');
});

test('stores rows of a clock that is wrong by years', async () => {
  for (const time of ['1970-01-01T00:00:00Z', '2199-01-01T00:00:00Z']) {
    expect(await partitionOf(await insertRow(time))).toBe('predictions_default');
  }
});

test('creates the other days when one cannot be, and says which could not', async () => {
  await database.pool.query('create table predictions_20260503 ()');
  await expect(ensurePartitions(database.pool, day('2026-05-02'))).rejects.toThrow(
    'no partition could be created for 2026-05-03 (relation "predictions_20260503" already exists)',
  );
  expect(await partitions()).toEqual(expect.arrayContaining(['predictions_20260501', 'predictions_20260509']));
});

test('lets rows in while a long reader keeps it from its lock, gives up after a second, and succeeds later', async () => {
  await ensurePartitions(database.pool, day('2026-07-01'));
  const reader = await database.pool.connect();
  await reader.query('begin; select count(*) from predictions');
  let ended = false;
  const attempt = ensurePartitions(database.pool, day('2026-08-01')).catch((error: Error) => {
    ended = true;
    return error;
  });
  await until('the attempt to wait for its lock', async () => {
    const { rows } = await database.pool.query(
      `select from pg_locks where not granted and relation in ('predictions'::regclass, 'predictions_default'::regclass)`,
    );
    return rows.length > 0;
  });
  const id = await insertRow('2026-07-01T12:00:00Z');
  const endedFirst = ended;
  const failure = await attempt;
  await reader.query('rollback');
  reader.release();
  expect(endedFirst).toBe(false);
  expect(await partitionOf(id)).toBe('predictions_20260701');
  expect(failure).toMatchObject({ message: expect.stringContaining('canceling statement due to lock timeout') });
  await ensurePartitions(database.pool, day('2026-08-01'));
  expect(await partitions()).toContain('predictions_20260801');
});

test('creates each day once when several processes do so at the same time', async () => {
  const stray = await insertRow('2026-10-01T12:00:00Z');
  await Promise.all(Array.from({ length: 4 }, () => ensurePartitions(database.pool, day('2026-10-01'))));
  expect(await partitionOf(stray)).toBe('predictions_20261001');
});

test('keeps up with a clock that jumps', async () => {
  let now = day('2027-01-01');
  const ending = new AbortController();
  const kept = keepPartitions({
    db: database.pool,
    now: () => now,
    logger: silent,
    signal: ending.signal,
    checkMs: 10,
  });
  await until('the first week', async () => (await partitions()).includes('predictions_20270108'));
  const stray = await insertRow('2027-06-01T12:00:00Z');
  now = day('2027-06-01');
  await until('the row to be in its partition', async () => (await partitionOf(stray)) === 'predictions_20270601');
  ending.abort();
  await kept;
});
