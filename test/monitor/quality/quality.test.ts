import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { loadWindowQuality } from '../../../monitor/quality/stored-quality.js';
import { loadQualityWindows } from '../../../monitor/quality/window-quality.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, type Row, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Quality of one window of rows; alcohol's range is from 8 to 12. */
async function qualityOf(name: string, change: (row: Row, i: number) => Row, count = 400) {
  const manifest = testManifest(name, { window: { minutes: 1 } });
  manifest.features[0] = { ...manifest.features[0]!, type: 'numeric', outOfRange: 'flag', range: [8, 12] };
  const version = await addChampion(database.pool, manifest);
  const rows = drawRows(createRandom(4), count).map(change);
  await storeBatch(database.pool, version, { at: spread(NOON, 60, count), rows });
  const { monitor, setTime } = testMonitor(database.pool);
  setTime(NOON + 66);
  expect(await runPass(monitor)).toEqual([]);
  const [window] = await loadQualityWindows(database.pool, { modelName: name, limit: 1 });
  return { ...window!, of: (feature: string) => window!.features.find((f) => f.feature === feature)! };
}

test('a sound window has nothing to complain of', async () => {
  const { of, duplicateShare, rowCount } = await qualityOf('sound', (row) => ({ ...row, alcohol: 10 + row.score }));
  expect(rowCount).toBe(400);
  expect(duplicateShare).toBe(0);
  expect(of('alcohol')).toMatchObject({ missingShare: 0, outOfRangeShare: 0, constant: false });
  expect(of('alcohol').minimum).toBeGreaterThanOrEqual(10);
  expect(of('alcohol').maximum).toBeLessThanOrEqual(11);
  expect(of('colour')).toMatchObject({ unseenShare: 0, minimum: null, constant: false });
});

test('missing, out-of-range and unseen values are told by share', async () => {
  const { of } = await qualityOf('faulty', (row, i) => ({
    ...row,
    alcohol: i % 4 === 0 ? 50 : 10,
    sugar: i % 2 === 0 ? null : row.sugar,
    colour: i % 10 === 0 ? 'rosé' : row.colour,
  }));
  expect(of('alcohol').outOfRangeShare).toBe(0.25);
  expect(of('sugar')).toMatchObject({ missingShare: 0.5 });
  expect(of('colour').unseenShare).toBe(0.1);
});

test('a feature that stands still is told, and copies of rows are counted', async () => {
  const { of, duplicateShare } = await qualityOf('frozen', (row, i) => ({
    ...row,
    alcohol: 10.5,
    sugar: i % 100,
    colour: 'red',
  }));
  expect(of('alcohol')).toMatchObject({ constant: true, minimum: 10.5, maximum: 10.5 });
  expect(of('sugar').constant).toBe(false);
  expect(of('colour').constant).toBe(true);
  expect(duplicateShare).toBeCloseTo(0.75, 2);
});

test('a window of more buckets than are read at once is the sum of all of them', async () => {
  const version = await addChampion(database.pool, testManifest('long'));
  const buckets = 1_001;
  await database.pool.query(
    `insert into quality_summaries
     select 'long', 1, to_timestamp($1 + 60 * i), array[1, 2], array[i, 0], array[i, 0], 0, array[i % 2], array[3]
       from generate_series(0, $2 - 1) i`,
    [NOON, buckets],
  );
  const total = await loadWindowQuality(database.pool, version, { start: NOON, end: NOON + buckets * 60 });
  expect([...total.outOfRange]).toEqual([buckets, 2 * buckets]);
  expect([total.minimums[0], total.maximums[0]]).toEqual([0, buckets - 1]);
  expect(total.sample.counts.get(0)! + total.sample.counts.get(1)!).toBe(3 * buckets);
  const part = await loadWindowQuality(database.pool, version, { start: NOON + 60, end: NOON + 180 });
  expect([...part.outOfRange]).toEqual([2, 4]);
});

test('a feature of only missing values, and a window without rows, are told as they are', async () => {
  const { of } = await qualityOf('missing', (row) => ({ ...row, alcohol: null }));
  expect(of('alcohol')).toMatchObject({ missingShare: 1, minimum: null, maximum: null, constant: false });
});
