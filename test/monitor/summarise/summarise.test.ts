import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPool, type Pool } from '../../../core/postgres/pool.js';
import { createRandom } from '../../../core/random.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { summariseVersion } from '../../../monitor/summarise/summarise.js';
import { loadWindowCounts } from '../../../monitor/windows/buckets.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const summarise = (pool: Pool, version: ModelVersion, maximumRows = 20_000) =>
  summariseVersion({ pool, version, bucketSeconds: 60, decidedUntil: Number.NEGATIVE_INFINITY, maximumRows });

const DAY = { start: NOON - 43_200, end: NOON + 43_200 };

/** Rows counted by subject, and rows by minute. */
async function counted(version: ModelVersion): Promise<{ bySubject: Record<string, number>; buckets: number[] }> {
  const { rows } = await database.pool.query<{ total: number }>(
    'select row_count as total from summaries where model_name = $1 and bucket_seconds = 60 order by bucket_start',
    [version.modelName],
  );
  const counts = await loadWindowCounts(database.pool, version, DAY, { bucketSeconds: 60 });
  return {
    bySubject: Object.fromEntries(counts.map((c) => [c.subject, c.counts.reduce((sum, n) => sum + n, 0)])),
    buckets: rows.map((r) => r.total),
  };
}

const all = (rows: number) => ({ alcohol: rows, sugar: rows, colour: rows, class: rows, score: rows });

/** The backend that waits for a lock in this test's database. */
async function waitingBackend(): Promise<number> {
  return until('a backend that waits for a lock', async () => {
    const { rows } = await database.pool.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows[0]?.pid;
  });
}

test('counts every live row of every subject once, by the minute of its event time', async () => {
  const version = await addChampion(database.pool, testManifest('counted'));
  await storeBatch(database.pool, version, { at: spread(NOON, 180, 300), rows: drawRows(createRandom(3), 300) });
  expect(await summarise(database.pool, version)).toEqual({ rows: 300, lateRows: 0 });
  expect(await counted(version)).toEqual({ bySubject: all(300), buckets: [100, 100, 100] });
  expect(await summarise(database.pool, version)).toEqual({ rows: 0, lateRows: 0 });
});

test('leaves shadow, replayed and batch rows out', async () => {
  const version = await addChampion(database.pool, testManifest('sources'));
  for (const source of ['live', 'shadow', 'replay', 'batch'] as const) {
    await storeBatch(database.pool, version, { at: spread(NOON, 60, 10), rows: drawRows(createRandom(4), 10), source });
  }
  expect((await summarise(database.pool, version)).rows).toBe(10);
  expect((await counted(version)).bySubject).toEqual(all(10));
});

test('counts the rows of two models that one transaction stored for each of them', async () => {
  const batchId = randomUUID();
  const versions = [
    await addChampion(database.pool, testManifest('one')),
    await addChampion(database.pool, testManifest('other')),
  ];
  for (const [i, version] of versions.entries()) {
    const rows = drawRows(createRandom(6), 10 + i);
    await storeBatch(database.pool, version, { at: spread(NOON, 60, rows.length), rows, batchId });
  }
  for (const [i, version] of versions.entries()) {
    expect((await summarise(database.pool, version)).rows).toBe(10 + i);
    expect((await counted(version)).bySubject).toEqual(all(10 + i));
  }
});

test('leaves out rows that the model failed on', async () => {
  const version = await addChampion(database.pool, testManifest('failed'));
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 10), rows: drawRows(createRandom(5), 10) });
  await database.pool.query(
    `update predictions set error_class = 'Error', label = null, scores = null
      where prediction_id in (select prediction_id from predictions where model_name = 'failed' limit 3)`,
  );
  expect((await summarise(database.pool, version)).rows).toBe(7);
  expect((await counted(version)).bySubject).toEqual(all(7));
});

test('adds many batches over many transactions', async () => {
  const version = await addChampion(database.pool, testManifest('many'));
  for (let i = 0; i < 20; i++) {
    await storeBatch(database.pool, version, { at: spread(NOON, 60, 7), rows: drawRows(createRandom(i), 7) });
  }
  expect((await summarise(database.pool, version, 30)).rows).toBe(140);
  expect(await counted(version)).toEqual({ bySubject: all(140), buckets: [140] });
});

test('puts values, unseen categories and missing ones into the cells of the reference', async () => {
  const version = await addChampion(database.pool, testManifest('cells'));
  const rows = [
    { alcohol: -1e9, sugar: null, colour: 'red', score: 0.2 },
    { alcohol: 1e9, sugar: null, colour: 'rosé\t"x"', score: 0.9 },
    { alcohol: null, sugar: 1, colour: null, score: 0.9 },
  ];
  await storeBatch(database.pool, version, { at: spread(NOON, 1, 3), rows });
  await summarise(database.pool, version);
  const stored = await loadWindowCounts(database.pool, version, DAY, { bucketSeconds: 60 });
  const counts = Object.fromEntries(stored.map((s) => [s.subject, s.counts]));
  expect(counts.colour).toEqual([1, 0, 1, 1]);
  expect(counts.class).toEqual([1, 2, 0, 0]);
  expect([counts.alcohol!.at(0), counts.alcohol!.at(-2), counts.alcohol!.at(-1)]).toEqual([1, 1, 1]);
  expect(counts.sugar!.at(-1)).toBe(2);
});

test('says how many rows came after their window was decided', async () => {
  const version = await addChampion(database.pool, testManifest('late'));
  await storeBatch(database.pool, version, { at: spread(NOON, 120, 100), rows: drawRows(createRandom(5), 100) });
  const options = { pool: database.pool, version, bucketSeconds: 60, maximumRows: 1_000 };
  expect(await summariseVersion({ ...options, decidedUntil: NOON + 60 })).toEqual({ rows: 100, lateRows: 50 });
});

describe('exactly once', () => {
  test('a connection killed in the middle of a transaction leaves nothing, and the next run counts all', async () => {
    const version = await addChampion(database.pool, testManifest('killed'));
    await storeBatch(database.pool, version, { at: spread(NOON, 60, 50), rows: drawRows(createRandom(6), 50) });
    const blocker = await database.pool.connect();
    await blocker.query('begin; lock table summaries in access exclusive mode');
    const killed = expect(summarise(database.pool, version)).rejects.toThrow();
    await database.pool.query('select pg_terminate_backend($1)', [await waitingBackend()]);
    await killed;
    await blocker.query('rollback');
    blocker.release();
    expect((await counted(version)).bySubject).toEqual({});
    expect((await summarise(database.pool, version)).rows).toBe(50);
    expect((await counted(version)).bySubject).toEqual(all(50));
  });

  test('a batch that commits after a later one was summarised is counted by the next run', async () => {
    const version = await addChampion(database.pool, testManifest('order'));
    let commit = (): void => undefined;
    const hold = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const early = storeBatch(database.pool, version, {
      at: spread(NOON, 60, 40),
      rows: drawRows(createRandom(7), 40),
      hold,
    });
    await storeBatch(database.pool, version, { at: spread(NOON + 60, 60, 60), rows: drawRows(createRandom(8), 60) });
    expect((await summarise(database.pool, version)).rows).toBe(60);
    commit();
    await early;
    expect((await summarise(database.pool, version)).rows).toBe(40);
    expect(await counted(version)).toEqual({ bySubject: all(100), buckets: [40, 60] });
  });

  test('two at once, without the lock of the model, share the batches between them', async () => {
    const version = await addChampion(database.pool, testManifest('race'));
    for (let i = 0; i < 40; i++) {
      await storeBatch(database.pool, version, { at: spread(NOON, 300, 25), rows: drawRows(createRandom(i), 25) });
    }
    const other = createPool({ connectionString: database.url, applicationName: 'other', onError: () => undefined });
    const results = await Promise.all([summarise(database.pool, version, 50), summarise(other, version, 50)]);
    await other.end();
    expect(results[0].rows + results[1].rows).toBe(1_000);
    expect((await counted(version)).bySubject).toEqual(all(1_000));
  });
});
