import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Pool } from '../../../core/postgres/pool.js';
import { findDriftedSince } from '../../../core/registry/drift-streak.js';
import { findPerformanceFellSince } from '../../../core/registry/performance-streak.js';
import { loadChampion, type ModelVersion } from '../../../core/registry/versions.js';
import type { RetrainContext } from '../../../trainer/context.js';
import { buildDataset } from '../../../trainer/dataset/build.js';
import { featureKeys } from '../../../trainer/dataset/split.js';
import { findBrokenWindow } from '../../../trainer/jobs/find-runs.js';
import type { TrainingRun } from '../../../trainer/jobs/runs.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

function runOf({ modelName }: ModelVersion): TrainingRun {
  return { trainingRunId: '00000000-0000-7000-8000-000000000000', modelName, override: null } as TrainingRun;
}

function contextOf(pool: Pool): RetrainContext {
  return { pool, settings: { TRAINER_SEED: 7 } } as unknown as RetrainContext;
}

async function addWindow(
  pool: Pool,
  name: string,
  start: Date,
  verdict: string,
  { windowName = 'default', seconds = 60, cause = null as object | null } = {},
): Promise<void> {
  await pool.query(`insert into drift_windows values ($1, 1, $2, $3, 300, $4, now(), $5, $6)`, [
    name,
    start,
    new Date(start.getTime() + seconds * 1000),
    verdict,
    cause,
    windowName,
  ]);
}

/** The champion, watched by two more windows: `day` alerts, `quiet` does not. */
async function watchedByMore(pool: Pool, name: string): Promise<ModelVersion> {
  const champion = (await loadChampion(pool, name))!;
  const windows = [
    { name: 'day', minutes: 1440, alerts: true },
    { name: 'quiet', minutes: 1440 },
  ];
  const monitoring = { ...champion.manifest.monitoring, windows };
  return { ...champion, manifest: { ...champion.manifest, monitoring } };
}

test('holds the newest 30 % out and keeps repeated rows on one side, reference rows too', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'repeated', { minimumOutcomes: 50 });
  const champion = (await loadChampion(pool, 'repeated'))!;
  const distinct = smallRows(200, 51);
  // Rows 0 to 19 occur again at the end; the first ten reference rows (seed 1) do too.
  const rows = [...distinct.slice(0, 170), ...distinct.slice(0, 20), ...smallRows(600, 1).slice(0, 10)];
  await addLabelled(pool, { name: 'repeated', version: 1, rows });
  const { training, heldOut, recent, summary } = await buildDataset(contextOf(pool), runOf(champion), champion);

  expect(heldOut.targets).toEqual(rows.slice(140).map((row) => row.grade));
  expect(recent.targets).toHaveLength(140);
  expect(summary).toMatchObject({
    heldOutRows: 60,
    recentTrainingRows: 120,
    referenceRows: 590,
    repeatedRows: 30,
    seed: 7,
    parentVersion: 1,
    changedSince: null,
    change: null,
  });
  const seen = new Set(featureKeys(champion.manifest, heldOut.instances));
  expect(featureKeys(champion.manifest, training.instances).filter((key) => seen.has(key))).toEqual([]);
  const weights = training.weights.slice(590);
  expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(3 * 590, 6);
  expect(training.instances[590]).toEqual(
    expect.objectContaining({ size: rows[20]!.size, weight: rows[20]!.weight, colour: rows[20]!.colour }),
  );
});

test.each([
  [50, 30],
  [99, 30],
  [103, 31],
])(
  'of %i rows %i are held out: as many at least as a comparison and the reference of predictions need',
  async (rows, held) => {
    const { pool } = database;
    const name = `few-${rows}`;
    await addSmallModel(pool, name, { minimumOutcomes: 50 });
    const champion = (await loadChampion(pool, name))!;
    await addLabelled(pool, { name, version: 1, rows: smallRows(rows, 58) });
    const { heldOut, recent } = await buildDataset(contextOf(pool), runOf(champion), champion);
    expect([heldOut.targets.length, recent.targets.length]).toEqual([held, rows - held]);
  },
);

test('begins after the first window of the present drifting streak, whose rows are of both populations', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'streak', { minimumOutcomes: 50 });
  const champion = (await loadChampion(pool, 'streak'))!;
  const first = await addLabelled(pool, { name: 'streak', version: 1, rows: smallRows(400, 52) });
  const at = (seconds: number): Date => new Date(first.getTime() + seconds * 1000);
  await addWindow(pool, 'streak', at(0), 'drift');
  await addWindow(pool, 'streak', at(100), 'ok');
  await addWindow(pool, 'streak', at(200), 'warning');
  await addWindow(pool, 'streak', at(260), 'insufficient-data');
  await addWindow(pool, 'streak', at(300), 'drift');
  const { summary } = await buildDataset(contextOf(pool), runOf(champion), champion);
  expect(summary).toMatchObject({ changedSince: at(260).toISOString(), firstRequestedAt: at(260).toISOString() });
  expect(summary.heldOutRows).toBe(42);

  await addWindow(pool, 'streak', at(360), 'ok');
  const after = await buildDataset(contextOf(pool), runOf(champion), champion);
  expect(after.summary).toMatchObject({ changedSince: null, heldOutRows: 120 });
});

test('the drift began with the earliest streak of the windows that alert', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'slow', { minimumOutcomes: 50 });
  const champion = await watchedByMore(pool, 'slow');
  const first = await addLabelled(pool, { name: 'slow', version: 1, rows: smallRows(400, 57) });
  const at = (seconds: number): Date => new Date(first.getTime() + seconds * 1000);
  const driftSince = async () => (await buildDataset(contextOf(pool), runOf(champion), champion)).summary.changedSince;
  await addWindow(pool, 'slow', at(0), 'ok');
  await addWindow(pool, 'slow', at(0), 'drift', { windowName: 'quiet', seconds: 50 });
  expect(await driftSince()).toBeNull();
  await addWindow(pool, 'slow', at(60), 'ok', { windowName: 'day', seconds: 40 });
  await addWindow(pool, 'slow', at(100), 'drift', { windowName: 'day', seconds: 100 });
  expect(await driftSince()).toBe(at(200).toISOString());
  await addWindow(pool, 'slow', at(120), 'drift');
  expect(await driftSince()).toBe(at(180).toISOString());
});

test('after a loss of performance by outcomes begins after its first window, and with a drift too at the later of both', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'fell', { minimumOutcomes: 50 });
  const champion = (await loadChampion(pool, 'fell'))!;
  const first = await addLabelled(pool, { name: 'fell', version: 1, rows: smallRows(400, 59) });
  const at = (seconds: number): Date => new Date(first.getTime() + seconds * 1000);
  const change = async () => {
    const { summary } = await buildDataset(contextOf(pool), runOf(champion), champion);
    return [summary.change, summary.changedSince];
  };
  const judge = (seconds: number, verdict: string, windowName = 'default') =>
    pool.query(
      `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
         labelled_rows, verdict, report, computed_at) values ('fell', 1, $1, $2, $3, 60, 60, $4, '{}', now())`,
      [windowName, at(seconds), at(seconds + 60), verdict],
    );
  await judge(0, 'drop');
  await judge(60, 'ok');
  await judge(120, 'warning');
  await judge(180, 'insufficient-data');
  await judge(120, 'drop', 'day');
  // So far it may be chance.
  expect(await change()).toEqual([null, null]);
  await judge(240, 'drop');
  expect(await change()).toEqual(['performance', at(180).toISOString()]);

  await addWindow(pool, 'fell', at(60), 'drift');
  expect(await change()).toEqual(['performance', at(180).toISOString()]);
  await addWindow(pool, 'fell', at(120), 'ok');
  await addWindow(pool, 'fell', at(180), 'drift');
  expect(await change()).toEqual(['drift', at(240).toISOString()]);

  await judge(300, 'ok');
  expect(await change()).toEqual(['drift', at(240).toISOString()]);
});

test('leaves the reference out once performance fell and a guess does better than the champion, and not before', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'moved', { minimumOutcomes: 50 });
  const champion = (await loadChampion(pool, 'moved'))!;
  // Each class has become another one, and a reference row (seed 1) has come again.
  const next: Record<string, string> = { low: 'mid', mid: 'high', high: 'low' };
  const drawn = [...smallRows(399, 60), ...smallRows(600, 1).slice(0, 1)];
  const rows = drawn.map((row) => ({ ...row, grade: next[row.grade]! }));
  const first = await addLabelled(pool, { name: 'moved', version: 1, rows });
  const build = () => buildDataset(contextOf(pool), runOf(champion), champion);
  expect((await build()).summary).toMatchObject({ change: null, referenceRows: 599, referenceLeftOut: false });

  await pool.query(
    `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
       labelled_rows, verdict, report, computed_at) values ('moved', 1, 'default', $1, $2, 60, 60, 'drop', '{}', now())`,
    [new Date(first.getTime() - 60_000), first],
  );
  const { training, reference, summary } = await build();
  expect(summary).toMatchObject({ change: 'performance', referenceRows: 0, referenceLeftOut: true, recentWeight: 1 });
  expect(summary).toMatchObject({ recentTrainingRows: 280, heldOutRows: 120, repeatedRows: 1 });
  expect(training.targets).toEqual(rows.slice(0, 280).map((row) => row.grade));
  expect(new Set(training.weights)).toEqual(new Set([1]));
  // A challenger is still asked to answer them.
  expect(reference.targets).toHaveLength(600);
});

test('a streak of an earlier term of a version that came back is over', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'again', { minimumOutcomes: 50 });
  const champion = (await loadChampion(pool, 'again'))!;
  const back = new Date('2026-03-01T00:00:00Z');
  const before = new Date(back.getTime() - 86_400_000);
  await pool.query(
    `insert into promotions (model_name, from_version, to_version, decided_by, reason, promoted_at)
     values ('again', 2, 1, 'test', 'back', $1)`,
    [back],
  );
  const judge = (at: Date) =>
    pool.query(
      `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
         labelled_rows, verdict, report, computed_at) values ('again', 1, 'default', $1, $2, 60, 60, 'drop', '{}', now())`,
      [at, new Date(at.getTime() + 60_000)],
    );
  await judge(before);
  await addWindow(pool, 'again', before, 'drift');
  expect([await findDriftedSince(pool, champion), await findPerformanceFellSince(pool, champion)]).toEqual([
    undefined,
    undefined,
  ]);
  const later = new Date(back.getTime() + 120_000);
  const end = new Date(later.getTime() + 60_000);
  await judge(later);
  await addWindow(pool, 'again', later, 'drift');
  expect([await findDriftedSince(pool, champion), await findPerformanceFellSince(pool, champion)]).toEqual([end, end]);
});

test('rows that another window which alerts took for broken data are not learned from', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'broken-day', { minimumOutcomes: 50 });
  const champion = await watchedByMore(pool, 'broken-day');
  const first = await addLabelled(pool, { name: 'broken-day', version: 1, rows: smallRows(400, 58) });
  const cause = { kind: 'broken-data', summary: 'looks like broken data' };
  const at = (seconds: number): Date => new Date(first.getTime() + seconds * 1000);
  await addWindow(pool, 'broken-day', at(0), 'ok', { windowName: 'quiet', seconds: 400, cause });
  await addWindow(pool, 'broken-day', at(100), 'ok', { windowName: 'day', seconds: 100, cause });
  const { recent, heldOut } = await buildDataset(contextOf(pool), runOf(champion), champion);
  expect(recent.targets.length + heldOut.targets.length).toBe(300);
});

test('a run is held by the newest window of any name that alerts, where it looks like broken data', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'held', { minimumOutcomes: 50 });
  const champion = await watchedByMore(pool, 'held');
  const cause = { kind: 'broken-data', summary: 'looks like broken data' };
  const at = (day: number): Date => new Date(Date.UTC(2026, 2, day));
  await addWindow(pool, 'held', at(5), 'ok');
  await addWindow(pool, 'held', at(1), 'drift', { windowName: 'quiet', cause });
  expect(await findBrokenWindow(pool, champion)).toBeUndefined();
  await addWindow(pool, 'held', at(1), 'drift', { windowName: 'day', cause });
  await addWindow(pool, 'held', at(2), 'insufficient-data', { windowName: 'day' });
  expect(await findBrokenWindow(pool, champion)).toMatchObject({ summary: 'looks like broken data' });
  await addWindow(pool, 'held', at(3), 'ok', { windowName: 'day' });
  expect(await findBrokenWindow(pool, champion)).toBeUndefined();
});

test('takes the newest rows at most, the latest revision of each outcome, and leaves unusable outcomes out', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'newest', { minimumOutcomes: 50, maximumRows: 100 });
  const champion = (await loadChampion(pool, 'newest'))!;
  await addLabelled(pool, { name: 'newest', version: 1, rows: smallRows(150, 53), label: 'low' });
  await pool.query(
    `insert into outcomes select prediction_id, 2, model_name, 'high', observed_at from outcomes where model_name = 'newest'`,
  );
  await addLabelled(pool, {
    name: 'newest',
    version: 1,
    rows: smallRows(5, 54),
    label: 'unheard-of',
    endsAt: Date.now() + 60_000,
  });
  const { recent, heldOut, summary } = await buildDataset(contextOf(pool), runOf(champion), champion);
  expect(recent.targets.length + heldOut.targets.length).toBe(95);
  expect(new Set([...recent.targets, ...heldOut.targets])).toEqual(new Set(['high']));
  expect(summary.unusableOutcomes).toBe(5);
});

test('says how many labelled rows there are since the change when they are too few', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'few', { minimumOutcomes: 1000 });
  const champion = (await loadChampion(pool, 'few'))!;
  const first = await addLabelled(pool, { name: 'few', version: 1, rows: smallRows(60, 55) });
  await addWindow(pool, 'few', new Date(first.getTime() - 60_000), 'drift');
  await expect(buildDataset(contextOf(pool), runOf(champion), champion)).rejects.toThrow(
    `60 of 1,000 labelled rows since ${first.toISOString()}, the end of the window in which the drift began`,
  );
  await pool.query(
    `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
       labelled_rows, verdict, report, computed_at) values ('few', 1, 'default', $1, $2, 60, 60, 'drop', '{}', now())`,
    [first, new Date(first.getTime() + 30_000)],
  );
  await expect(buildDataset(contextOf(pool), runOf(champion), champion)).rejects.toThrow(
    /^30 of 1,000 labelled rows since .*, the end of the window in which performance fell$/,
  );
});

test('fails when nearly every recent row has the features of a held-out one', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'poor', { minimumOutcomes: 50 });
  const champion = (await loadChampion(pool, 'poor'))!;
  const [row] = smallRows(1, 56);
  await addLabelled(pool, { name: 'poor', version: 1, rows: Array.from({ length: 60 }, () => row!) });
  await expect(buildDataset(contextOf(pool), runOf(champion), champion)).rejects.toThrow(
    'only 0 of 30 recent rows have features that no held-out row has; raise retraining.minimumOutcomes',
  );
});
