import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, testManifest, testMonitor } from '../fixture.js';
import { at, partitionDays, retentionOf, storeDay } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let version: ModelVersion;
let watched: ReturnType<typeof testMonitor>;
beforeEach(async () => {
  database = await createDatabase();
  version = await addChampion(database.pool, testManifest('held'));
  watched = testMonitor(database.pool);
  watched.setTime(at('2025-03-10T09:00:00Z'));
  for (const day of ['2025-03-05', '2025-03-06', '2025-03-10']) await storeDay(database.pool, version, day, 5);
});
afterEach(() => database.drop());

/** Runs retention; gives the days that are left, and the metric of what held others. */
async function run(): Promise<{ days: string[]; held: string[] }> {
  await retentionOf(watched.monitor, 2)();
  const lines = (await watched.registry.metrics()).split('\n');
  const held = lines.filter((line) => line.startsWith('monitor_day_drops_held{') && !line.endsWith(' 0'));
  return { days: await partitionDays(database.pool), held };
}

const ALL_DAYS = ['20250305', '20250306', '20250310'];

test('keeps rows and outcomes that the monitor has not counted', async () => {
  expect(await run()).toEqual({ days: ALL_DAYS, held: ['monitor_day_drops_held{reason="unsummarised"} 2'] });
  await runPass(watched.monitor);
  await database.pool.query(
    `update outcomes set folded_at = null where prediction_id in (select prediction_id from predictions_20250306 limit 1)`,
  );
  expect(await run()).toEqual({
    days: ['20250306', '20250310'],
    held: ['monitor_day_drops_held{reason="outcomes"} 1'],
  });
  await runPass(watched.monitor);
  expect(await run()).toEqual({ days: ['20250310'], held: [] });
});

test('keeps the days since a rollout began, until it ends', async () => {
  await runPass(watched.monitor);
  await database.pool.query(
    `insert into rollouts (rollout_id, model_name, model_version, champion_version, stage, policy, reason, began_by, began_at)
     values ($1, 'held', 1, 1, 'shadow', '{}', 'in a test', 'test', '2025-03-06T18:00:00Z')`,
    [randomUUID()],
  );
  expect(await run()).toEqual({ days: ['20250306', '20250310'], held: ['monitor_day_drops_held{reason="rollout"} 1'] });
  await database.pool.query(`update rollouts set stage = 'withdrawn', ended_at = now()`);
  expect(await run()).toEqual({ days: ['20250310'], held: [] });
});

test('keeps the days of a model that is being trained, and not those of other models', async () => {
  await runPass(watched.monitor);
  const insert = (model: string): Promise<unknown> =>
    database.pool.query(
      `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, reason, alert)
       values ($1, $2, now(), 'FeatureDrift', $2, 'training', 'in a test', '{}')`,
      [randomUUID(), model],
    );
  await insert('held');
  expect(await run()).toEqual({ days: ALL_DAYS, held: ['monitor_day_drops_held{reason="training_run"} 2'] });
  await database.pool.query(`update training_runs set state = 'kept'`);
  await insert('another');
  expect(await run()).toEqual({ days: ['20250310'], held: [] });
});
