import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Monitoring } from '../../core/manifest/manifest.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { createRandom } from '../../core/random.js';
import { withModelLock } from '../../monitor/lock.js';
import { runPass } from '../../monitor/run.js';
import { loadWindows } from '../../monitor/verdicts/stored.js';
import { createDatabase } from '../helpers/postgres.js';
import { addChampion, drawRows, NOON, type Row, spread, storeBatch, testManifest, testMonitor } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** One minute of traffic. */
interface Minute {
  rows: Row[];
}

/** Minutes of `perMinute` rows; from minute `shiftAt` on, alcohol has moved by one standard deviation. */
function traffic(options: { seed: number; minutes: number; perMinute: number; shiftAt?: number }): Minute[] {
  const random = createRandom(options.seed);
  return Array.from({ length: options.minutes }, (_, i) => ({
    rows: drawRows(random, options.perMinute, i >= (options.shiftAt ?? Infinity) ? 1 : 0),
  }));
}

/** Plays traffic and runs a pass after every `passEvery` minutes and once at the end. @returns windows, oldest first */
async function play(
  pool: Pool,
  name: string,
  options: { minutes: Minute[]; monitoring?: Partial<Monitoring>; passEvery: number },
) {
  const version = await addChampion(pool, testManifest(name, options.monitoring));
  const { monitor, setTime } = testMonitor(pool);
  for (const [i, { rows }] of options.minutes.entries()) {
    if (rows.length > 0) await storeBatch(pool, version, { at: spread(NOON + i * 60, 60, rows.length), rows });
    setTime(NOON + (i + 1) * 60 + 6);
    if ((i + 1) % options.passEvery === 0) expect(await runPass(monitor)).toEqual([]);
  }
  expect(await runPass(monitor)).toEqual([]);
  return (await loadWindows(pool, { modelName: name, limit: 1_000 })).reverse();
}

/** What a window says, without when it was decided and of which model. */
function said(windows: Awaited<ReturnType<typeof play>>) {
  return windows.map(({ modelName, modelVersion, decidedAt, ...rest }) => rest);
}

test('no drift stays ok over 20 windows', async () => {
  const windows = await play(database.pool, 'calm', {
    minutes: traffic({ seed: 11, minutes: 60, perMinute: 110 }),
    passEvery: 1,
  });
  expect(windows).toHaveLength(20);
  expect(windows.map((w) => w.rowCount)).toEqual(new Array(20).fill(330));
  expect(new Set(windows.map((w) => w.verdict))).toEqual(new Set(['ok']));
});

test('a sudden shift is confirmed within 3 windows, on the feature that moved only, and clears after it', async () => {
  const minutes = traffic({ seed: 12, minutes: 30, perMinute: 110, shiftAt: 15 });
  const back = traffic({ seed: 13, minutes: 9, perMinute: 110 });
  const windows = await play(database.pool, 'sudden', { minutes: [...minutes, ...back], passEvery: 1 });
  expect(windows.map((w) => w.verdict)).toEqual([
    ...new Array(5).fill('ok'),
    'warning',
    ...new Array(5).fill('drift'),
    'ok',
    'ok',
  ]);
  const drifted = windows[6]!.subjects.filter((s) => s.verdict === 'drift');
  expect(drifted.map((s) => s.subject)).toEqual(['alcohol']);
  expect(drifted[0]!.reason).toContain('exceeded in 2 of the last 3 windows');
});

test.each([
  ['by rows', { window: { rows: 300 } }],
  ['by minutes', { window: { minutes: 3 } }],
])('after down-time the missed windows, %s, are decided as if it had run all along', async (label, monitoring) => {
  const minutes = traffic({ seed: 14, minutes: 30, perMinute: 120, shiftAt: 12 });
  minutes[5] = { rows: [] };
  minutes[6] = { rows: [] };
  minutes[7] = { rows: minutes[7]!.rows.slice(0, 20) };
  minutes[8] = { rows: [] };
  const tag = label.replace(' ', '-');
  const inTime = await play(database.pool, `in-time-${tag}`, { minutes, monitoring, passEvery: 1 });
  const late = await play(database.pool, `late-${tag}`, { minutes, monitoring, passEvery: 30 });
  expect(inTime.length).toBeGreaterThanOrEqual(8);
  expect(inTime.map((w) => w.verdict)).toContain('drift');
  expect(said(late)).toEqual(said(inTime));
});

test('windows by minutes are aligned; thin and empty ones are insufficient, and no evidence for k of n', async () => {
  const minutes = traffic({ seed: 15, minutes: 12, perMinute: 100, shiftAt: 0 });
  for (const i of [3, 4, 5, 6, 7, 8]) minutes[i] = { rows: i === 6 ? minutes[6]!.rows.slice(0, 50) : [] };
  const windows = await play(database.pool, 'thin', { minutes, monitoring: { window: { minutes: 3 } }, passEvery: 1 });
  expect(windows.map((w) => [(w.windowStart.getTime() / 1_000 - NOON) / 60, w.rowCount, w.verdict])).toEqual([
    [0, 300, 'warning'],
    [3, 0, 'insufficient-data'],
    [6, 50, 'insufficient-data'],
    [9, 300, 'drift'],
  ]);
  expect(windows[1]!.subjects.map((s) => s.psi)).toEqual([null, null, null, null, null]);
});

test('a bucket is not closed before its end and the lateness have passed', async () => {
  const version = await addChampion(database.pool, testManifest('lateness'));
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 400), rows: drawRows(createRandom(16), 400) });
  const { monitor, setTime } = testMonitor(database.pool);
  const count = async (at: number) => {
    setTime(at);
    await runPass(monitor);
    return (await loadWindows(database.pool, { modelName: 'lateness', limit: 10 })).length;
  };
  expect(await count(NOON + 64.9)).toBe(0);
  expect(await count(NOON + 65)).toBe(1);
});

test('a window size given by setting wins over the manifest, and is enough to decide on', async () => {
  const version = await addChampion(database.pool, testManifest('override', { window: { minutes: 60 } }));
  await storeBatch(database.pool, version, { at: spread(NOON, 60, 100), rows: drawRows(createRandom(17), 100) });
  const { monitor, setTime } = testMonitor(database.pool, { windowRows: 100 });
  setTime(NOON + 100);
  await runPass(monitor);
  const [window] = await loadWindows(database.pool, { modelName: 'override', limit: 1 });
  expect(window).toMatchObject({ rowCount: 100, verdict: 'ok' });
});

test('rows of a retired version are still summarised, and a new champion begins without history', async () => {
  const manifest = testManifest('replaced');
  const first = await addChampion(database.pool, manifest);
  const { monitor, setTime } = testMonitor(database.pool);
  await storeBatch(database.pool, first, { at: spread(NOON, 60, 300), rows: drawRows(createRandom(18), 300, 1) });
  setTime(NOON + 70);
  await runPass(monitor);
  await storeBatch(database.pool, first, { at: spread(NOON + 60, 60, 300), rows: drawRows(createRandom(19), 300, 1) });
  const second = await addChampion(database.pool, manifest);
  await storeBatch(database.pool, second, { at: spread(NOON + 60, 60, 300), rows: drawRows(createRandom(20), 300, 1) });
  setTime(NOON + 130);
  await runPass(monitor);
  const windows = await loadWindows(database.pool, { modelName: 'replaced', limit: 10 });
  expect(windows.map((w) => [w.modelVersion, w.verdict])).toEqual([
    [2, 'warning'],
    [1, 'drift'],
    [1, 'warning'],
  ]);
});

describe('with a second monitor on the same database', () => {
  test('summaries and verdicts are those of one alone', async () => {
    const alone = await createDatabase();
    const minutes = traffic({ seed: 21, minutes: 12, perMinute: 100, shiftAt: 6 });
    const expected = await play(alone.pool, 'shared', { minutes, passEvery: 1 });
    const version = await addChampion(database.pool, testManifest('shared'));
    const other = createPool({ connectionString: database.url, applicationName: 'other', onError: () => undefined });
    const monitors = [testMonitor(database.pool), testMonitor(other)];
    for (const [i, { rows }] of minutes.entries()) {
      await storeBatch(database.pool, version, { at: spread(NOON + i * 60, 60, rows.length), rows });
      for (const { setTime } of monitors) setTime(NOON + (i + 1) * 60 + 6);
      const failed = await Promise.all(monitors.map(({ monitor }) => runPass(monitor)));
      expect(failed).toEqual([[], []]);
    }
    await runPass(monitors[1]!.monitor);
    const windows = (await loadWindows(database.pool, { modelName: 'shared', limit: 100 })).reverse();
    expect(said(windows)).toEqual(said(expected));
    const dump = `select bucket_seconds, bucket_start, counts from summaries where model_name = 'shared' order by 1, 2`;
    expect((await database.pool.query(dump)).rows).toEqual((await alone.pool.query(dump)).rows);
    await other.end();
    await alone.drop();
  });

  test('a model that the other works on is left to it and counted, and gauges are exported all the same', async () => {
    const alone = await createDatabase();
    await play(alone.pool, 'locked', { minutes: traffic({ seed: 22, minutes: 3, perMinute: 100 }), passEvery: 3 });
    const second = testMonitor(alone.pool);
    await withModelLock(alone.pool, 'locked', async () => {
      expect(await runPass(second.monitor)).toEqual([]);
    });
    const text = await second.registry.metrics();
    expect(text).toContain('monitor_locked_models_total 1\n');
    expect(text).toContain('monitor_window_rows{model_name="locked",model_version="1"} 300\n');
    await alone.drop();
  });
});

test('a model that fails does not keep the others from their turn', async () => {
  const alone = await createDatabase();
  const broken = await addChampion(alone.pool, testManifest('a-broken'));
  const sound = await addChampion(alone.pool, testManifest('b-sound'));
  await alone.pool.query(
    `update model_versions set reference_profile = jsonb_set(reference_profile, '{subjects,0,name}', '"gone"')
      where model_name = 'a-broken'`,
  );
  for (const version of [broken, sound]) {
    await storeBatch(alone.pool, version, { at: spread(NOON, 60, 300), rows: drawRows(createRandom(23), 300) });
  }
  const errors: unknown[] = [];
  const { monitor, setTime } = testMonitor(alone.pool);
  setTime(NOON + 70);
  const logger = { ...monitor.logger, error: (fields: unknown) => void errors.push(fields) };
  expect(await runPass({ ...monitor, logger })).toEqual(['a-broken']);
  expect(errors).toMatchObject([
    {
      modelName: 'a-broken',
      err: new Error('a-broken: the reference profile watches feature "gone", no row holds it'),
    },
  ]);
  expect(await loadWindows(alone.pool, { modelName: 'b-sound', limit: 10 })).toHaveLength(1);
  await alone.drop();
});
