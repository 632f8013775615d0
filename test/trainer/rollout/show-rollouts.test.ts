import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { advanceRollout, beginRollout, loadRollouts, withdrawRollout } from '../../../core/registry/rollouts.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { showRollouts } from '../../../trainer/rollout/show-rollouts.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addSmallModel } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = database.pool;
});
afterAll(() => database.drop());

const metrics = createMetrics();
async function shown(): Promise<string[]> {
  await showRollouts({ pool, metrics });
  const lines = (await metrics.registry.metrics()).split('\n');
  return lines.filter((line) => /^rollout_(rows|wanted|stage)/.test(line));
}

test('a rollout shows since when it is in its stage, and how many rows it has of those it wants', async () => {
  await addSmallModel(pool, 'wine');
  await pool.query(
    `insert into model_versions (model_name, model_version, state, manifest, model_digest, reference_digest, reference_profile,
       metrics, lineage)
     select model_name, 2, 'candidate', manifest, model_digest, reference_digest, reference_profile, metrics, lineage
       from model_versions where model_version = 1`,
  );
  const policy = { shadowRows: 150, canaryShare: 0.2, canaryRows: 50 };
  const versions = { modelName: 'wine', modelVersion: 2, championVersion: 1, trainingRunId: null };
  await withTransaction(pool, (client) => beginRollout(client, { ...versions, policy, reason: 'to try', by: 'ana' }));
  const [rollout] = await loadRollouts(pool, 'wine');
  const shadow = '{model_name="wine",stage="shadow"}';
  expect(await shown()).toEqual([
    `rollout_stage_began_timestamp_seconds${shadow} ${rollout!.stageBeganAt.getTime() / 1_000}`,
    `rollout_rows${shadow} 0`,
    `rollout_wanted_rows${shadow} 150`,
  ]);
  await pool.query(`update rollouts set evidence = '{"rows": 20}'`);
  expect(await shown()).toContain(`rollout_rows${shadow} 20`);
  await withTransaction(pool, (client) => advanceRollout(client, rollout!, 'trainer', 'enough'));
  const canary = '{model_name="wine",stage="canary"}';
  expect((await shown()).slice(1)).toEqual([`rollout_rows${canary} 0`, `rollout_wanted_rows${canary} 50`]);
  await withTransaction(pool, (client) => withdrawRollout(client, rollout!, 'ana', 'seen enough'));
  expect(await shown()).toEqual([]);
});
