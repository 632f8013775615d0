import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showHeldModels } from '../../../trainer/jobs/show-held.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
  await database.pool.query(`insert into models (model_name) values ('wine'), ('beer')`);
});
afterAll(() => database.drop());

/** A run that was asked for so many seconds after 1970. */
async function addRun(modelName: string, at: number, state: string, guard: string | null): Promise<void> {
  await database.pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state, reason,
       alert, guard, created_at)
     values ($1, $1::uuid::text, now(), 'FeatureDrift', $2, 1, $3, 'why', '{}', $4, to_timestamp($5))`,
    [uuidv7(), modelName, state, guard, at],
  );
}

const metrics = createMetrics();
async function shown(): Promise<string[]> {
  await showHeldModels({ pool: database.pool, metrics });
  return (await metrics.registry.metrics()).split('\n').filter((line) => line.startsWith('training_held_since'));
}

test('shows by which guard the newest retraining of a model is held or was refused, until one trains', async () => {
  expect(await shown()).toEqual([]);
  await addRun('wine', 100, 'kept', null);
  await addRun('wine', 200, 'refused', 'too-few-labels');
  await addRun('beer', 150, 'queued', 'paused');
  // What is no model here has no series, whatever the alert named.
  await addRun('unknown', 300, 'refused', 'no-champion');
  const beer = 'training_held_since_timestamp_seconds{model_name="beer",guard="paused"} 150';
  expect((await shown()).sort()).toEqual([
    beer,
    'training_held_since_timestamp_seconds{model_name="wine",guard="too-few-labels"} 200',
  ]);
  // No guard has looked at it yet: as before.
  await addRun('wine', 400, 'queued', null);
  expect(await shown()).toContain(
    'training_held_since_timestamp_seconds{model_name="wine",guard="too-few-labels"} 200',
  );
  await addRun('wine', 500, 'waiting', 'too-few-labels');
  expect(await shown()).toContain(
    'training_held_since_timestamp_seconds{model_name="wine",guard="too-few-labels"} 500',
  );
  await addRun('wine', 600, 'training', null);
  expect(await shown()).toEqual([beer]);
});

test('of several alerts at once shows the run that tells, not those that it kept from beginning', async () => {
  await database.pool.query('delete from training_runs');
  const held = ['training_held_since_timestamp_seconds{model_name="wine",guard="too-few-labels"} 700'];
  await addRun('wine', 700, 'waiting', 'too-few-labels');
  await addRun('wine', 700, 'refused', 'busy');
  expect(await shown()).toEqual(held);
  await addRun('wine', 800, 'cancelled', null);
  expect(await shown()).toEqual(held);
  await addRun('wine', 900, 'kept', null);
  await addRun('wine', 900, 'refused', 'busy');
  expect(await shown()).toEqual([]);
});
