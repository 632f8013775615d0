import { afterAll, beforeAll, expect, test } from 'vitest';
import { findDriftedSince } from '../../../core/registry/drift-streak.js';
import { findPerformanceFellSince } from '../../../core/registry/performance-streak.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { buildDataset } from '../../../trainer/dataset/build.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../harness.js';
import { addJudged, addWindow, contextOf, runOf, watchedByMore } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

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
  const judge = (seconds: number, verdict: string, windowName?: string) =>
    addJudged(pool, 'fell', at(seconds), verdict, windowName);
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

  await addJudged(pool, 'moved', new Date(first.getTime() - 60_000), 'drop');
  const { training, reference, summary } = await build();
  expect(summary).toMatchObject({ change: 'performance', referenceRows: 0, referenceLeftOut: true, recentWeight: 1 });
  expect(summary).toMatchObject({ recentTrainingRows: 280, heldOutRows: 120, repeatedRows: 1 });
  expect(training.targets).toEqual(rows.slice(0, 280).map((row) => row.grade));
  expect(new Set(training.weights)).toEqual(new Set([1]));
  // A challenger is still asked to answer them.
  expect(reference.targets).toHaveLength(600);

  // With a drift that began with it inputs have moved too: what is known of the others may still hold.
  await addWindow(pool, 'moved', new Date(first.getTime() - 60_000), 'drift');
  expect((await build()).summary).toMatchObject({ change: 'drift', referenceRows: 599, referenceLeftOut: false });
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
  const judge = (at: Date) => addJudged(pool, 'again', at, 'drop');
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
