import { afterAll, beforeAll, expect, test } from 'vitest';
import { planOverride } from '../../../core/moves/override-run.js';
import { withTransaction } from '../../../core/postgres/pool.js';
import { pauseModel } from '../../../core/registry/pause.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addSmallModel } from '../../trainer/harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const RUN = '018f0000-0000-7000-8000-000000000001';

test('a run of a paused model is not let pass, as it would be held all the same', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'paused');
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, guard, reason, alert)
     values ($1, 'f', now(), 'a', 'paused', 'queued', 'broken-data', 'looks like broken data', '{}')`,
    [RUN],
  );
  await withTransaction(pool, (client) => pauseModel(client, 'paused', { by: 'alice', reason: 'on holiday' }));
  await expect(planOverride(pool, RUN)).rejects.toThrow(
    /by alice \(on holiday\), which no override passes; first go on with plumbline model resume paused$/,
  );
  const { rows } = await pool.query('select override from training_runs where training_run_id = $1', [RUN]);
  expect(rows).toEqual([{ override: null }]);
});
