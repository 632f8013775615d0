import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, drawTruth, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('exports performance by source, coverage and data quality of the champion', async () => {
  const version = await addChampion(database.pool, testManifest('gauged'));
  const { monitor, registry, setTime } = testMonitor(database.pool);
  const random = createRandom(5);
  const rows = drawRows(random, 300).map((row, i) => ({ ...row, sugar: i < 30 ? null : 5 }));
  const ids = await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows });
  setTime(NOON + 66);
  await runPass(monitor);
  const value = async (series: string): Promise<number | undefined> => {
    const line = (await registry.metrics()).split('\n').find((text) => text.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ')[1]);
  };
  const own = 'model_name="gauged",model_version="1"';
  expect(await value(`model_accuracy_ratio{${own},source="reference"}`)).toBeCloseTo(0.75, 1);
  expect(await value(`model_accuracy_ratio{${own},source="estimated"}`)).toBeCloseTo(0.75, 1);
  expect(await value(`model_accuracy_ratio{${own},source="realised"}`)).toBeUndefined();
  expect(await value(`label_coverage_ratio{${own}}`)).toBe(0);
  expect(await value(`data_missing_ratio{${own},feature="sugar"}`)).toBe(0.1);
  expect(await value(`data_missing_ratio_threshold{${own},feature="sugar"}`)).toBeCloseTo(0.05, 12);
  expect(await value(`data_constant{${own},feature="sugar"}`)).toBe(1);
  expect(await value(`data_constant{${own},feature="alcohol"}`)).toBe(0);
  await database.pool.query(
    `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
     select id, 1, 'gauged', actual, now() from unnest($1::uuid[], $2::text[]) as o (id, actual)`,
    [ids.slice(0, 150), rows.slice(0, 150).map((row) => drawTruth(random, row))],
  );
  await runPass(monitor);
  expect(await value(`model_accuracy_ratio{${own},source="realised"}`)).toBeCloseTo(0.75, 0);
  expect(await value(`model_roc_auc_ratio{${own},source="realised"}`)).toBeGreaterThan(0.6);
  expect(await value(`model_mean_absolute_error{${own},source="realised"}`)).toBeUndefined();
  expect(await value(`label_coverage_ratio{${own}}`)).toBe(0.5);
  expect(await value(`calibration_error_ratio{${own}}`)).toBeLessThan(0.2);
});

test('exports what people are told from: the loss against its threshold, coverage only where outcomes are expected', async () => {
  const outcomes = { coverage: 0.9, withinMinutes: 10 };
  const version = await addChampion(database.pool, testManifest('expected', { performanceLoss: 0.3, outcomes }));
  const { monitor, registry, setTime } = testMonitor(database.pool);
  const random = createRandom(6);
  const rows = drawRows(random, 300);
  const ids = await storeBatch(database.pool, version, { at: spread(NOON, 60, 300), rows });
  // Every answer wrong.
  const wrong = rows.map((row) => (row.score >= 0.5 ? 'no' : 'yes'));
  await database.pool.query(
    `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
     select id, 1, 'expected', actual, now() from unnest($1::uuid[], $2::text[]) as o (id, actual)`,
    [ids.slice(0, 150), wrong.slice(0, 150)],
  );
  const shown = async (name: string): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{model_name="expected"`));
  setTime(NOON + 66);
  await runPass(monitor);
  expect(await shown('label_coverage_due_ratio')).toEqual([]);
  expect(await shown('label_coverage_due_ratio_threshold')).toEqual([
    'label_coverage_due_ratio_threshold{model_name="expected",model_version="1"} 0.9',
  ]);
  expect(await shown('model_performance_loss_ratio_threshold')).toEqual([
    'model_performance_loss_ratio_threshold{model_name="expected",model_version="1"} 0.3',
  ]);
  const [realised] = await shown('model_performance_loss_lower_bound_ratio');
  expect(realised).toContain('source="realised"');
  expect(Number(realised!.split(' ')[1])).toBeGreaterThan(0.9);
  setTime(NOON + 60 + 601);
  await runPass(monitor);
  expect(await shown('label_coverage_due_ratio')).toEqual([
    'label_coverage_due_ratio{model_name="expected",model_version="1"} 0.5',
  ]);
});
