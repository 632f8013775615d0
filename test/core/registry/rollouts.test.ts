import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../../core/audit/verify.js';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { beginRollout, loadRollouts } from '../../../core/registry/rollouts.js';
import { loadChampion, loadVersion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addSmallModel } from '../../trainer/harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = database.pool;
});
afterAll(() => database.drop());

const policy = { shadowRows: 150, canaryShare: 0.2, canaryRows: 50 };

/** A model whose champion is version 2, and version 1 its equal; `path` of the manifest of version 1 is changed to `value`. */
async function addTwo(name: string, path = '{description}', value = '"the first"'): Promise<void> {
  expect(await addSmallModel(pool, name)).toBe(1);
  expect(await addSmallModel(pool, name)).toBe(2);
  await pool.query(
    `update model_versions set manifest = jsonb_set(manifest, $2, $3), state = 'candidate' where model_name = $1 and model_version = 1`,
    [name, path, value],
  );
}

function begin(name: string, shadowRows: number, trainingRunId: string | null = null): Promise<unknown> {
  const rollout = {
    modelName: name,
    modelVersion: 1,
    championVersion: 2,
    trainingRunId,
    reason: 'to try',
    by: 'alice',
  };
  return withTransaction(pool, (client) => beginRollout(client, { ...rollout, policy: { ...policy, shadowRows } }));
}

const stageOf = async (name: string): Promise<string | undefined> => (await loadRollouts(pool, name))[0]?.stage;

test.each([
  ['task', '{task}', '"binary"', 'it has task binary instead of multiclass; to make it'],
  ['classes', '{classes}', '["low", "high"]', 'it has classes [low, high] instead of [low, mid, high]; to'],
  ['name', '{features,0,name}', '"bulk"', 'it has no field "size", another field "bulk"; to'],
  ['missing', '{features,0,missing}', 'true', 'it has field "size" as {'],
])('a version of another %s is neither put into the shadow nor made canary', async (name, path, value, words) => {
  await addTwo(name, path, value);
  await expect(begin(name, 150)).rejects.toThrow(words);
  await expect(begin(name, 0)).rejects.toThrow(words);
  expect(await stageOf(name)).toBeUndefined();
  expect((await loadVersion(pool, name, 1))!.state).toBe('candidate');
});

test('a rollout and its run end when another version becomes the champion, and the trail says so', async () => {
  await addTwo('overtaken');
  const { rows: runs } = await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, candidate_version, state, reason, alert, finished_at)
     values (gen_random_uuid(), 'x', now(), 'x', 'overtaken', 1, 'rolling-out', 'better', '{}', now() - interval '2 hours')
     returning training_run_id as id`,
  );
  await begin('overtaken', 150, runs[0].id);
  expect(await stageOf('overtaken')).toBe('shadow');
  expect(await addSmallModel(pool, 'overtaken')).toBe(3);
  expect(await stageOf('overtaken')).toBeUndefined();
  expect((await loadVersion(pool, 'overtaken', 1))!.state).toBe('candidate');
  expect((await loadChampion(pool, 'overtaken'))!.modelVersion).toBe(3);
  const { rows: ended } = await pool.query(
    `select state, reason, finished_at > now() - interval '1 hour' as "justNow" from training_runs`,
  );
  expect(ended).toEqual([{ state: 'kept', reason: 'version 3 became the champion', justNow: true }]);
  const { rows: trail } = await pool.query(
    `select action, actor, model_version as version from audit where training_run_id = $1 order by sequence`,
    [runs[0].id],
  );
  expect(trail).toEqual([
    { action: 'rollout.shadow', actor: 'alice', version: 1 },
    { action: 'rollout.withdrawn', actor: 'test', version: 1 },
    { action: 'run.kept', actor: 'test', version: 1 },
  ]);
  expect((await verifyAudit(pool)).problems).toEqual([]);
  await expect(begin('overtaken', 150)).rejects.toThrow('the champion is version 3, not 2');
});
