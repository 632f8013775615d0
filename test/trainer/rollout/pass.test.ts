import { expect, test } from 'vitest';
import { verifyAudit } from '../../../core/audit/verify.js';
import type { RolloutPolicy } from '../../../core/manifest/manifest.js';
import { withTransaction } from '../../../core/postgres/pool.js';
import { beginRollout, loadRollouts } from '../../../core/registry/rollouts.js';
import { loadVersion } from '../../../core/registry/versions.js';
import { smallRows } from '../../helpers/project.js';
import { setStage } from './stage.js';

const stage = setStage();
const { metrics, problems, pass, passOn, addTwo, serve, champion } = stage;
const small = { shadowRows: 150, canaryShare: 0.2, canaryRows: 50 };

/** A run that ended two hours ago with the rollout of its challenger. */
async function addRun(name: string, to: number): Promise<string> {
  const { rows } = await stage.pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, candidate_version, state, reason, alert, finished_at)
     values (gen_random_uuid(), $1, now(), 'x', $1, $2, 'rolling-out', 'better', '{}', now() - interval '2 hours')
     returning training_run_id as id`,
    [name, to],
  );
  return rows[0].id;
}

/** The state of a model's run, whether it ended just now, and what the trail says of its end and of its rollout's. */
async function endOf(name: string): Promise<unknown> {
  const { rows: runs } = await stage.pool.query(
    `select state, finished_at > now() - interval '1 hour' as "justNow" from training_runs where model_name = $1`,
    [name],
  );
  const { rows: trail } = await stage.pool.query(
    `select action, actor, model_version as version from audit
     where model_name = $1 and training_run_id is not null and action in ('rollout.withdrawn', 'run.kept', 'run.promoted') order by sequence`,
    [name],
  );
  return { ...runs[0], trail };
}

async function counted(state: string): Promise<number> {
  const { values } = await metrics.runs.get();
  return values.find(({ labels }) => labels.state === state)!.value;
}

function begin(
  name: string,
  to: number,
  from: number,
  policy: RolloutPolicy,
  trainingRunId: string | null = null,
): Promise<unknown> {
  const rollout = { modelName: name, modelVersion: to, championVersion: from, policy, trainingRunId };
  return withTransaction(stage.pool, (client) => beginRollout(client, { ...rollout, reason: 'to try', by: 'alice' }));
}

const stageOf = async (name: string): Promise<string | undefined> => (await loadRollouts(stage.pool, name))[0]?.stage;

test('a sound challenger answers in the shadow, then as canary, then is champion; its answers are stored and compared', async () => {
  const { from, to } = await addTwo('sound');
  await begin('sound', to, from, small);
  expect((await loadVersion(stage.pool, 'sound', to))!.state).toBe('shadow');
  await pass();
  expect(await stageOf('sound')).toBe('shadow');
  await serve('sound', from, smallRows(160, 51));
  await pass();
  expect(await stageOf('sound')).toBe('canary');
  expect((await loadVersion(stage.pool, 'sound', to))!.state).toBe('canary');
  const { rows } = await stage.pool.query(
    `select count(*) as n, count(*) filter (where challenger_label is not null) as answered,
       count(*) filter (where challenger_version = $1) as own from shadow_comparisons where model_name = 'sound'`,
    [to],
  );
  expect(rows[0]).toEqual({ n: 150, answered: 150, own: 150 });

  await pass();
  expect(await stageOf('sound')).toBe('canary');
  await serve('sound', to, smallRows(60, 52));
  await pass();
  expect(await stageOf('sound')).toBeUndefined();
  expect(await champion('sound')).toBe(to);
  const { rows: trail } = await stage.pool.query(
    `select action, actor from audit where model_name = 'sound' and action like any('{rollout.%,champion.promotion}') order by sequence`,
  );
  expect(trail).toEqual([
    { action: 'rollout.shadow', actor: 'alice' },
    { action: 'rollout.canary', actor: 'trainer' },
    { action: 'champion.promotion', actor: 'trainer' },
  ]);
  expect(problems).toEqual([]);
  expect((await verifyAudit(stage.pool)).problems).toEqual([]);
});

test('what a slower trainer found of the shadow is not stored as evidence of the canary', async () => {
  const { from, to } = await addTwo('raced');
  await begin('raced', to, from, small);
  await serve('raced', from, smallRows(160, 57));
  // The other trainer moves it on just before this one has come to its judgement.
  const query = async (text: string, values?: unknown[]): Promise<unknown> => {
    if (text.startsWith('update rollouts set evidence')) await pass();
    return stage.pool.query(text, values);
  };
  const slower = new Proxy(stage.pool, {
    get: (own, key) => (key === 'query' ? query : Reflect.get(own, key, own)),
  });
  await passOn(slower)();
  const [rollout] = await loadRollouts(stage.pool, 'raced');
  expect(rollout).toMatchObject({ stage: 'canary', evidence: null });
  expect(problems).toHaveLength(1);
});

test('a challenger that cannot answer is withdrawn from the shadow; its failures are stored, the champion stays', async () => {
  const { from, to } = await addTwo('failing');
  await stage.pool.query(
    `update model_versions set manifest = jsonb_set(manifest, '{onnx,probabilities}', '"no-such-output"') where model_name = 'failing' and model_version = $1`,
    [to],
  );
  await begin('failing', to, from, small);
  await serve('failing', from, smallRows(90, 53));
  await pass();
  expect(problems).toEqual([]);
  expect(await stageOf('failing')).toBeUndefined();
  expect(await champion('failing')).toBe(from);
  const { rows } = await stage.pool.query(
    `select count(*) as n from shadow_comparisons where model_name = 'failing' and challenger_error is not null`,
  );
  expect(rows[0].n).toBe(90);
});

test('a canary is judged on all the rows that it is asked for, though each was stored by itself', async () => {
  const { from, to } = await addTwo('alone');
  const run = await addRun('alone', to);
  const before = await counted('promoted');
  await begin('alone', to, from, { shadowRows: 0, canaryShare: 0.2, canaryRows: 400 }, run);
  await serve('alone', to, smallRows(390, 64));
  await pass();
  expect(await stageOf('alone')).toBe('canary');
  await serve('alone', to, smallRows(20, 65));
  await pass();
  expect(await champion('alone')).toBe(to);
  expect(await endOf('alone')).toEqual({
    state: 'promoted',
    justNow: true,
    trail: [{ action: 'run.promoted', actor: 'trainer', version: to }],
  });
  expect(await counted('promoted')).toBe(before + 1);
  expect(problems).toEqual([]);
});

test('a canary that fails on rows is withdrawn, and is a candidate again', async () => {
  const { from, to } = await addTwo('brittle');
  const before = await counted('kept');
  await begin('brittle', to, from, { ...small, shadowRows: 0 }, await addRun('brittle', to));
  await serve('brittle', to, smallRows(40, 54), `error_class = 'Error', label = null`);
  await pass();
  expect(await stageOf('brittle')).toBeUndefined();
  expect(await champion('brittle')).toBe(from);
  expect((await loadVersion(stage.pool, 'brittle', to))!.state).toBe('candidate');
  expect(await endOf('brittle')).toEqual({
    state: 'kept',
    justNow: true,
    trail: [
      { action: 'rollout.withdrawn', actor: 'trainer', version: to },
      { action: 'run.kept', actor: 'trainer', version: to },
    ],
  });
  expect(await counted('kept')).toBe(before + 1);
  const { rows } = await stage.pool.query(`select stage, reason from rollouts where model_name = 'brittle'`);
  expect(rows[0]).toEqual({
    stage: 'withdrawn',
    reason: 'it fails on 40 of 40 rows, at most a share of 0.01 is allowed',
  });
});
