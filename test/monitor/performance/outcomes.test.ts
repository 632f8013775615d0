import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../../core/postgres/pool.js';
import { createRandom } from '../../../core/random.js';
import { findPerformanceFellSince } from '../../../core/registry/performance-streak.js';
import { loadJudgedWindow } from '../../../monitor/performance/judged-window.js';
import { loadPerformanceWindows } from '../../../monitor/performance/window-performance.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, drawTruth, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';
import { pick } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** An outcome as the service stores it; it comes `delay` seconds after noon. */
interface Sent {
  id: string;
  revision: number;
  actual: string;
  delay: number;
}

async function send(pool: Pool, modelName: string, outcomes: Sent[]): Promise<void> {
  await pool.query(
    `insert into outcomes (prediction_id, revision, model_name, actual, observed_at, received_at)
     select id, revision, $1, actual, to_timestamp($2 + delay), to_timestamp($2 + delay)
       from jsonb_to_recordset($3::jsonb) as o(id uuid, revision int, actual text, delay float8)`,
    [modelName, NOON, JSON.stringify(outcomes)],
  );
}

/** Three windows of 300 rows in the same three minutes, with outcomes for 70 % of them. @returns outcomes in the order of their rows */
async function serve(pool: Pool, name: string) {
  const version = await addChampion(pool, testManifest(name));
  const random = createRandom(7);
  const sent: Sent[] = [];
  for (let minute = 0; minute < 3; minute++) {
    const rows = drawRows(random, 300);
    const ids = await storeBatch(pool, version, { at: spread(NOON + minute * 60, 60, 300), rows });
    rows.forEach((row, i) => {
      const actual = drawTruth(random, row);
      if (random.next() < 0.7) sent.push({ id: ids[i]!, revision: 1, actual, delay: 600 + i });
    });
  }
  const { monitor, setTime } = testMonitor(pool);
  setTime(NOON + 200);
  const pass = async (maximumRows = 20_000) => expect(await runPass({ ...monitor, maximumRows })).toEqual([]);
  return { version, sent, pass };
}

/** What is known of a model's windows, oldest first, without who they are and when they were computed. */
async function known(pool: Pool, modelName: string) {
  const windows = await loadPerformanceWindows(pool, { modelName, limit: 100 });
  return windows.reverse().map(({ modelName: _, computedAt: __, ...window }) => window);
}

test('windows have an estimate before outcomes come, and the measured metrics beside it afterwards', async () => {
  const { sent, pass } = await serve(database.pool, 'measured');
  await pass();
  const before = await known(database.pool, 'measured');
  expect(before.map((w) => [w.servedRows, w.labelledRows, w.realised])).toEqual([
    [300, 0, null],
    [300, 0, null],
    [300, 0, null],
  ]);
  const estimate = pick(before[0]!.estimated, 'accuracy')!;
  expect(estimate.value).toBeCloseTo(0.75, 1);
  await send(database.pool, 'measured', sent);
  await pass();
  const after = await known(database.pool, 'measured');
  expect(after.reduce((sum, w) => sum + w.labelledRows, 0)).toBe(sent.length);
  expect(after[0]!.estimated).toEqual(before[0]!.estimated);
  const accuracy = pick(after[0]!.realised, 'accuracy')!;
  expect(accuracy.low!).toBeLessThan(estimate.value);
  expect(accuracy.high!).toBeGreaterThan(estimate.value);
  expect(after[0]!.delaySeconds!.p50 / 750).toBeCloseTo(1, 0);
  expect(after[0]!.calibration!.expectedCalibrationError).toBeLessThan(after[0]!.calibration!.nullBand);
  expect(after[0]!.labelShift!.psi).toBeLessThan(after[0]!.labelShift!.psiNullBand);
});

test('late outcomes and corrections give what outcomes in time would have given, in whatever order they come', async () => {
  const calm = await createDatabase();
  const inTime = await serve(calm.pool, 'labels');
  await send(calm.pool, 'labels', inTime.sent);
  await inTime.pass();

  const late = await serve(database.pool, 'labels');
  await late.pass();
  const flip = ({ actual, ...rest }: Sent): Sent => ({ ...rest, actual: actual === 'yes' ? 'no' : 'yes' });
  const wrong = late.sent.map((outcome, i) => (i % 3 === 0 ? flip(outcome) : outcome));
  for (const part of [wrong.slice(400), wrong.slice(0, 400)]) {
    await send(database.pool, 'labels', part);
    await late.pass(97);
  }
  const corrections = late.sent.filter((_, i) => i % 3 === 0).map((outcome) => ({ ...outcome, revision: 3 }));
  await send(
    database.pool,
    'labels',
    corrections.slice(0, 50).map((outcome) => flip({ ...outcome, revision: 2 })),
  );
  await send(database.pool, 'labels', corrections.reverse());
  await late.pass(60);

  expect(await known(database.pool, 'labels')).toEqual(await known(calm.pool, 'labels'));
  const sums = `select kind, segment, bucket_seconds, bucket_start, sums from performance_summaries
                 where model_name = 'labels' order by 1, 2, 3, 4`;
  expect((await database.pool.query(sums)).rows).toEqual((await calm.pool.query(sums)).rows);
  await calm.drop();
});

test('the first outcomes of a new window, too few to be sure, take back no drop that a whole one says', async () => {
  const { pool } = database;
  const version = await addChampion(pool, testManifest('half-told'));
  const { monitor, setTime } = testMonitor(pool);
  const random = createRandom(17);
  const minutes: string[][] = [];
  for (let minute = 0; minute < 3; minute++) {
    const at = spread(NOON + minute * 60, 60, 300);
    minutes.push(await storeBatch(pool, version, { at, rows: drawRows(random, 300) }));
  }
  setTime(NOON + 200);
  /** Tells the truth of some rows of a minute, of which so many were answered right. */
  const tell = async (minute: number, [from, until]: [number, number], right: number): Promise<void> => {
    const ids = minutes[minute]!.slice(from, until);
    const { rows } = await pool.query<{ id: string; label: string }>(
      `select prediction_id as id, label from predictions where prediction_id = any($1)`,
      [ids],
    );
    const flip = (label: string): string => (label === 'yes' ? 'no' : 'yes');
    const sent = rows.map(({ id, label }, i) => ({ id, actual: i < right ? label : flip(label) }));
    await send(
      pool,
      'half-told',
      sent.map((one) => ({ ...one, revision: 1, delay: 150 })),
    );
    expect(await runPass(monitor)).toEqual([]);
  };
  const state = async () => [
    (await known(pool, 'half-told')).map(({ verdict }) => verdict),
    (await loadJudgedWindow(pool, version))?.verdict,
    (await findPerformanceFellSince(pool, version))?.getTime(),
  ];
  const fell = (NOON + 60) * 1_000;
  await tell(0, [0, 200], 100);
  setTime(NOON + 260);
  await tell(0, [200, 300], 50);
  const { rows: times } = await pool.query(
    `select judged_at, computed_at from performance_windows where model_name = 'half-told' and verdict = 'drop'`,
  );
  expect(times).toEqual([{ judged_at: new Date((NOON + 200) * 1_000), computed_at: new Date((NOON + 260) * 1_000) }]);
  expect(await state()).toEqual([['drop', 'insufficient-data', 'insufficient-data'], 'drop', fell]);
  // 0.725 of 0.75, within what is allowed, of a tenth of the rows.
  await tell(1, [0, 40], 29);
  expect(await state()).toEqual([['drop', 'insufficient-data', 'insufficient-data'], 'drop', fell]);
  await tell(1, [40, 300], 121);
  expect(await state()).toEqual([['drop', 'drop', 'insufficient-data'], 'drop', fell]);
  // The same share of as many rows as ever come takes it back.
  await tell(2, [0, 300], 218);
  expect(await state()).toEqual([['drop', 'drop', 'ok'], 'ok', undefined]);
});

test('an outcome that comes before its prediction is stored waits for it', async () => {
  const version = await addChampion(database.pool, testManifest('early'));
  const rows = drawRows(createRandom(9), 300);
  const [firstId] = await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows });
  const ahead = '01900000-0000-7000-8000-000000000001';
  const now = Date.now() / 1_000 - NOON;
  await send(database.pool, 'early', [
    { id: ahead, revision: 1, actual: 'yes', delay: now },
    { id: firstId!, revision: 1, actual: 'yes', delay: now },
  ]);
  const { monitor, setTime } = testMonitor(database.pool);
  setTime(NOON + 70);
  await runPass(monitor);
  const { rows: open } = await database.pool.query(
    "select prediction_id from outcomes where model_name = 'early' and folded_at is null",
  );
  expect(open).toEqual([{ prediction_id: ahead }]);
  expect((await known(database.pool, 'early'))[0]!.labelledRows).toBe(1);
});

test('an outcome that is no class is counted as unusable and in no metric', async () => {
  const { sent, pass } = await serve(database.pool, 'unusable');
  await send(database.pool, 'unusable', [{ ...sent[0]!, actual: 'perhaps' }, ...sent.slice(1, 50)]);
  await pass();
  const [window] = await known(database.pool, 'unusable');
  expect(window).toMatchObject({ labelledRows: 50, unusableOutcomes: 1, realised: { rows: 49 } });
});
