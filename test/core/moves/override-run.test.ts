import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRunAudit } from '../../../core/audit/list.js';
import { carryOut } from '../../../core/moves/carry-out.js';
import { planOverride } from '../../../core/moves/override-run.js';
import { planDigest } from '../../../core/moves/plan.js';
import { withTransaction } from '../../../core/postgres/pool.js';
import { pauseModel } from '../../../core/registry/pause.js';
import { enqueueRuns } from '../../../trainer/jobs/queue.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addHeldRun } from '../../monitor/console/training-fixture.js';
import { addSmallModel, startTestTrainer } from '../../trainer/harness.js';

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

test('a held run that is let pass is looked at at once, and it stands on record who said so', async () => {
  const { pool, url } = database;
  await addSmallModel(pool, 'held');
  // It makes the queue, and must not take the run up here.
  const trainer = await startTestTrainer(url);
  await trainer.close();
  const run = await addHeldRun(pool, 'held', 'cool-down');
  await enqueueRuns(pool, [{ trainingRunId: run, modelName: 'held' }], new Date(Date.now() + 3_600_000));
  const plan = await planOverride(pool, run);
  expect(plan.changes[0]).toBe(`run ${run} of held begins although: the guard says no`);
  const alice = { by: 'alice', reason: 'it is meant to change' };
  await carryOut(pool, (db) => planOverride(db, run), planDigest(plan), alice);
  const { rows } = await pool.query(
    'select override, run_at <= now() as due from training_runs join graphile_worker.jobs on key = training_run_id::text where training_run_id = $1',
    [run],
  );
  expect(rows).toEqual([{ override: { ...alice, at: expect.any(String) }, due: true }]);
  expect((await listRunAudit(pool, run)).at(-1)).toMatchObject({
    action: 'run.overridden',
    actor: 'alice',
    details: { guard: 'cool-down', reason: 'it is meant to change' },
  });
});
