import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadServed } from '../../../trainer/rollout/served.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('the newest live rows are looked at, though a file is scored and all newer batches are of that', async () => {
  const { pool } = database;
  const modelVersion = await addSmallModel(pool, 'busy');
  const from = await addLabelled(pool, { name: 'busy', version: modelVersion, rows: smallRows(40, 67) });
  await pool.query(`update predictions set error_class = 'Error', label = null where model_name = 'busy'`);
  const columns = `batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at`;
  await pool.query(
    `insert into capture_batches (${columns})
     select prediction_id, model_name, model_version, 1, 1, requested_at, requested_at from predictions`,
  );
  await pool.query(
    `insert into capture_batches (${columns})
     select ('ffffffff-ffff-7fff-bfff-' || lpad(to_hex(n), 12, '0'))::uuid, 'busy', $1, 500, 0, now(), now()
       from generate_series(1, 400) n`,
    [modelVersion],
  );
  const served = await loadServed(pool, { modelName: 'busy', modelVersion, from, to: undefined });
  expect(served).toEqual({ rows: 40, failed: 40, medianLatencyUs: null });
});
