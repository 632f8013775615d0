import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { showOpenRuns } from '../../../trainer/jobs/show-open-runs.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addSmallModel } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function addRun(
  state: string,
  modelName: string,
  candidate: number | null,
  finishedAt: Date | null,
): Promise<void> {
  await database.pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state,
       reason, alert, candidate_version, dataset, finished_at)
     values ($1, $2, now(), 'FeatureDrift', $3, 1, $4, 'why', '{}', $5, '{"parentVersion": 1}', $6)`,
    [uuidv7(), uuidv7(), modelName, state, candidate, finishedAt],
  );
}

/** A version that is registered and not champion. */
async function addCandidate(modelName: string, version: number): Promise<void> {
  await database.pool.query(
    `insert into model_versions (model_name, model_version, state, manifest, model_digest, reference_digest, reference_profile,
       metrics, lineage)
     select model_name, $2, 'candidate', manifest, model_digest, reference_digest, reference_profile, metrics, lineage
       from model_versions where model_name = $1 and model_version = 1`,
    [modelName, version],
  );
}

const metrics = createMetrics();
async function shown(): Promise<string[]> {
  await showOpenRuns({ pool: database.pool, metrics });
  return (await metrics.registry.metrics())
    .split('\n')
    .filter((line) => /^training_(open|awaiting)/.test(line) && !/ 0$/.test(line));
}

test('shows open runs by state, and the newest challenger that waits for a person', async () => {
  expect(await shown()).toEqual([]);
  await addSmallModel(database.pool, 'asked');
  for (const version of [2, 3]) await addCandidate('asked', version);
  await addRun('queued', 'asked', null, null);
  await addRun('kept', 'asked', null, new Date(50_000));
  await addRun('awaiting-approval', 'asked', 2, new Date(100_000));
  await addRun('awaiting-approval', 'asked', 3, new Date(200_000));
  expect(await shown()).toEqual([
    'training_open_runs{state="queued"} 1',
    'training_open_runs{state="awaiting-approval"} 1',
    'training_awaiting_approval_since_timestamp_seconds{model_name="asked",model_version="3"} 200',
  ]);
});

test('nothing waits any more when another version has become the champion', async () => {
  await database.pool.query(`update models set champion_version = 3 where model_name = 'asked'`);
  expect(await shown()).toEqual(['training_open_runs{state="queued"} 1']);
});
