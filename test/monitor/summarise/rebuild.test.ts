import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { loadPerformanceWindows } from '../../../monitor/performance/window-performance.js';
import { loadQualityWindows } from '../../../monitor/quality/window-quality.js';
import { runPass } from '../../../monitor/run.js';
import { rebuildSummaries } from '../../../monitor/summarise/rebuild.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, drawTruth, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('counts made anew from raw rows are those that were folded as the rows came', async () => {
  const { pool } = database;
  const segments = [{ feature: 'colour', values: ['red', 'white'] }];
  const version = await addChampion(pool, testManifest('rebuilt', { segments }));
  const { monitor, setTime } = testMonitor(pool);
  const random = createRandom(3);
  // Out of order, over midnight, in many batches: minutes, hours and days.
  for (const minute of [0, 700, 3, 2, 701, 1, 90, 720, 725]) {
    const rows = drawRows(random, 150);
    const ids = await storeBatch(pool, version, { at: spread(NOON + minute * 60, 90, 150), rows });
    await pool.query(
      `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
       select id, 1, 'rebuilt', actual, now() from unnest($1::uuid[], $2::text[]) as o (id, actual)`,
      [ids, rows.map((row) => drawTruth(random, row))],
    );
    setTime(NOON + 800 * 60);
    await runPass({ ...monitor, maximumRows: 100 });
  }
  const dump = async (): Promise<unknown[]> => {
    const tables = await Promise.all(
      [
        'select * from summaries order by segment, bucket_seconds, bucket_start',
        'select * from performance_summaries order by kind, segment, bucket_seconds, bucket_start',
        'select model_version, bucket_start, out_of_range, minimums, maximums, sample_level from quality_summaries order by 2',
      ].map((sql) => pool.query(sql)),
    );
    const windows = await loadPerformanceWindows(pool, { modelName: 'rebuilt', limit: 100 });
    const quality = await loadQualityWindows(pool, { modelName: 'rebuilt', limit: 100 });
    return [...tables.map(({ rows }) => rows), windows, quality];
  };
  const before = await dump();
  // Rows of a batch that nobody has taken yet belong to the next run.
  await storeBatch(pool, version, { at: spread(NOON, 60, 20), rows: drawRows(random, 20), batchId: randomUUID() });
  await pool.query('update capture_batches set summarised_at = null where row_count = 20');
  expect(await rebuildSummaries({ pool, version, bucketSeconds: 60 })).toBe(9 * 150 + 20);
  await pool.query(
    'delete from predictions where batch_id in (select batch_id from capture_batches where row_count = 20)',
  );
  expect(await rebuildSummaries({ pool, version, bucketSeconds: 60 })).toBe(9 * 150);
  await runPass(monitor);
  expect(await dump()).toEqual(before);
});
