import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { rowsOf } from '../../../monitor/charts/traffic-chart.js';
import { loadTraffic, PERIODS, type PeriodName } from '../../../monitor/console/traffic.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
const now = new Date((NOON + 1_830) * 1_000);

beforeAll(async () => {
  database = await createDatabase();
  const { monitor, setTime } = testMonitor(database.pool);
  const rows = (count: number) => drawRows(createRandom(5), count);
  const first = await addChampion(database.pool, testManifest('wine'));
  await storeBatch(database.pool, first, { at: spread(NOON - 30 * 3_600, 60, 70), rows: rows(70) });
  await storeBatch(database.pool, first, { at: spread(NOON - 60, 120, 200), rows: rows(200) });
  await storeBatch(database.pool, first, { at: spread(NOON, 60, 9), rows: rows(9), source: 'shadow' });
  const second = await addChampion(database.pool, testManifest('wine'));
  await storeBatch(database.pool, second, { at: spread(NOON + 1_800, 30, 40), rows: rows(40) });
  setTime(NOON + 1_900);
  await runPass(monitor);
});
afterAll(() => database.drop());

const trafficOf = async (model: string, period: PeriodName) =>
  (await loadTraffic(database.pool, ['none', 'wine'], period, now)).get(model)!;

test.each<[PeriodName, number]>([
  ['hour', 240],
  ['day', 240],
  ['week', 310],
])('live rows of the last %s, each counted once: %d', async (period, total) => {
  const traffic = await trafficOf('wine', period);
  expect(traffic.steps).toHaveLength(PERIODS[period].seconds / PERIODS[period].step);
  expect(traffic.steps.reduce((sum, step) => sum + rowsOf(step), 0)).toBe(total);
});

test('by minute and version, up to the minute that is under way', async () => {
  const { steps } = await trafficOf('wine', 'hour');
  expect(steps.at(-1)).toEqual({ start: '2026-01-15T12:30:00.000Z', rows: [{ model_version: 2, row_count: 40 }] });
  expect(steps.filter((step) => step.rows.length > 0).map((step) => [step.start.slice(11, 16), rowsOf(step)])).toEqual([
    ['11:59', 100],
    ['12:00', 100],
    ['12:30', 40],
  ]);
});

test('a model without rows has steps and nothing in them', async () => {
  const { steps } = await trafficOf('none', 'hour');
  expect(steps.every((step) => step.rows.length === 0)).toBe(true);
});
