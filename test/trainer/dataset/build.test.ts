import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadChampion } from '../../../core/registry/versions.js';
import { buildDataset } from '../../../trainer/dataset/build.js';
import { featureKeys } from '../../../trainer/dataset/split.js';
import { findBrokenWindow } from '../../../trainer/jobs/find-runs.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../harness.js';
import { addJudged, addWindow, contextOf, runOf, watchedByMore } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

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
  await addJudged(pool, 'few', new Date(first.getTime() - 30_000), 'drop');
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
