import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../../core/audit/verify.js';
import type { RolloutPolicy } from '../../../core/manifest/manifest.js';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { loadProject } from '../../../core/project/load.js';
import { buildReferenceProfile } from '../../../core/reference/profile.js';
import { pauseModel } from '../../../core/registry/pause.js';
import { rollBack } from '../../../core/registry/roll-back.js';
import { beginRollout, loadRollouts } from '../../../core/registry/rollouts.js';
import { loadChampion, loadVersion, promoteVersion, registerVersion } from '../../../core/registry/versions.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { createRolloutPass } from '../../../trainer/rollout/pass.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows, writeSmallProject } from '../../helpers/project.js';
import { addLabelled, addSmallModel, turnedRows } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let pool: Pool;
let pass: () => Promise<void>;
/** A pass of a trainer with a pool of its own. */
let passOn: (own: Pool) => () => Promise<void>;
const metrics = createMetrics();
const problems: unknown[] = [];
beforeAll(async () => {
  database = await createDatabase();
  pool = database.pool;
  const silent = (): void => undefined;
  const logger = { debug: silent, info: silent, error: silent, warn: (fields: object) => problems.push(fields) };
  passOn = (own) =>
    createRolloutPass({ pool: own, logger, metrics, now: () => new Date(), settings: { TRAINER_SEED: 1 } } as never);
  pass = passOn(pool);
});
beforeEach(() => problems.splice(0));
afterAll(() => database.drop());

const small = { shadowRows: 150, canaryShare: 0.2, canaryRows: 50 };

/** A model whose champion is version 1, and a version 2 that is the same but for what `change` does to its manifest. */
async function addTwo(name: string, retraining: Record<string, unknown> = {}): Promise<{ from: number; to: number }> {
  const from = await addSmallModel(pool, name, retraining);
  const project = await writeSmallProject(({ manifest }) => {
    manifest.name = name;
    manifest.retraining = { minimumOutcomes: 400, ...retraining };
  });
  const { manifest, onnx, referenceCsv, batch, predictions } = await loadProject(project.folder);
  await project.remove();
  const referenceProfile = buildReferenceProfile(manifest, batch, predictions);
  return { from, to: await registerVersion(pool, { manifest, onnx, referenceCsv, referenceProfile }) };
}

/** Live rows of a version with their outcomes, as the shipper would note them. */
async function serve(
  name: string,
  version: number,
  rows: Parameters<typeof addLabelled>[1]['rows'],
  set = '',
): Promise<void> {
  const endsAt = Date.now() + rows.length * 1_000;
  await addLabelled(pool, { name, version, rows, endsAt });
  const mine = `model_name = $1 and model_version = $2 and source = 'live'`;
  if (set !== '') await pool.query(`update predictions set ${set} where ${mine}`, [name, version]);
  await pool.query(
    `insert into capture_batches (batch_id, model_name, model_version, row_count, live_row_count, first_requested_at, last_requested_at)
     select prediction_id, model_name, model_version, 1, 1, requested_at, requested_at from predictions where ${mine}
     on conflict do nothing`,
    [name, version],
  );
}

/** A run that ended two hours ago with the rollout of its challenger. */
async function addRun(name: string, to: number): Promise<string> {
  const { rows } = await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, candidate_version, state, reason, alert, finished_at)
     values (gen_random_uuid(), $1, now(), 'x', $1, $2, 'rolling-out', 'better', '{}', now() - interval '2 hours')
     returning training_run_id as id`,
    [name, to],
  );
  return rows[0].id;
}

/** The state of a model's run, whether it ended just now, and what the trail says of its end and of its rollout's. */
async function endOf(name: string): Promise<unknown> {
  const { rows: runs } = await pool.query(
    `select state, finished_at > now() - interval '1 hour' as "justNow" from training_runs where model_name = $1`,
    [name],
  );
  const { rows: trail } = await pool.query(
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
  return withTransaction(pool, (client) => beginRollout(client, { ...rollout, reason: 'to try', by: 'alice' }));
}

function move(name: string, toVersion: number, expectedChampion: number): Promise<void> {
  const promotion = { modelName: name, toVersion, expectedChampion, decidedBy: 'trainer', reason: 'better' };
  return withTransaction(pool, (client) => promoteVersion(client, promotion));
}

const champion = async (name: string): Promise<number> => (await loadChampion(pool, name))!.modelVersion;
const stageOf = async (name: string): Promise<string | undefined> => (await loadRollouts(pool, name))[0]?.stage;

test('a sound challenger answers in the shadow, then as canary, then is champion; its answers are stored and compared', async () => {
  const { from, to } = await addTwo('sound');
  await begin('sound', to, from, small);
  expect((await loadVersion(pool, 'sound', to))!.state).toBe('shadow');
  await pass();
  expect(await stageOf('sound')).toBe('shadow');
  await serve('sound', from, smallRows(160, 51));
  await pass();
  expect(await stageOf('sound')).toBe('canary');
  expect((await loadVersion(pool, 'sound', to))!.state).toBe('canary');
  const { rows } = await pool.query(
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
  const { rows: trail } = await pool.query(
    `select action, actor from audit where model_name = 'sound' and action like any('{rollout.%,champion.promotion}') order by sequence`,
  );
  expect(trail).toEqual([
    { action: 'rollout.shadow', actor: 'alice' },
    { action: 'rollout.canary', actor: 'trainer' },
    { action: 'champion.promotion', actor: 'trainer' },
  ]);
  expect(problems).toEqual([]);
  expect((await verifyAudit(pool)).problems).toEqual([]);
});

test('what a slower trainer found of the shadow is not stored as evidence of the canary', async () => {
  const { from, to } = await addTwo('raced');
  await begin('raced', to, from, small);
  await serve('raced', from, smallRows(160, 57));
  // The other trainer moves it on just before this one has come to its judgement.
  const query = async (text: string, values?: unknown[]): Promise<unknown> => {
    if (text.startsWith('update rollouts set evidence')) await pass();
    return pool.query(text, values);
  };
  const slower = new Proxy(pool, {
    get: (own, key) => (key === 'query' ? query : Reflect.get(own, key, own)),
  });
  await passOn(slower)();
  const [rollout] = await loadRollouts(pool, 'raced');
  expect(rollout).toMatchObject({ stage: 'canary', evidence: null });
  expect(problems).toHaveLength(1);
});

test('a challenger that cannot answer is withdrawn from the shadow; its failures are stored, the champion stays', async () => {
  const { from, to } = await addTwo('failing');
  await pool.query(
    `update model_versions set manifest = jsonb_set(manifest, '{onnx,probabilities}', '"no-such-output"') where model_name = 'failing' and model_version = $1`,
    [to],
  );
  await begin('failing', to, from, small);
  await serve('failing', from, smallRows(90, 53));
  await pass();
  expect(problems).toEqual([]);
  expect(await stageOf('failing')).toBeUndefined();
  expect(await champion('failing')).toBe(from);
  const { rows } = await pool.query(
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
  expect((await loadVersion(pool, 'brittle', to))!.state).toBe('candidate');
  expect(await endOf('brittle')).toEqual({
    state: 'kept',
    justNow: true,
    trail: [
      { action: 'rollout.withdrawn', actor: 'trainer', version: to },
      { action: 'run.kept', actor: 'trainer', version: to },
    ],
  });
  expect(await counted('kept')).toBe(before + 1);
  const { rows } = await pool.query(`select stage, reason from rollouts where model_name = 'brittle'`);
  expect(rows[0]).toEqual({
    stage: 'withdrawn',
    reason: 'it fails on 40 of 40 rows, at most a share of 0.01 is allowed',
  });
});

/** A challenger that learned from rows whose grades have changed places. */
async function addTurned(name: string): Promise<{ from: number; to: number }> {
  const { from } = await addTwo(name);
  const project = await writeSmallProject((parts) => {
    parts.manifest.name = name;
    parts.manifest.retraining = { minimumOutcomes: 400 };
  });
  const { manifest, referenceCsv, batch, predictions } = await loadProject(project.folder);
  await project.remove();
  const { train } = await import('../../../trainer/builtin/train.js');
  const { toDataset } = await import('../../../trainer/builtin/to-dataset.js');
  const rows = turnedRows(600, 61);
  const dataset = toDataset(manifest, {
    instances: rows as never,
    targets: rows.map(({ grade }) => grade),
    weights: rows.map(() => 1),
  });
  const { onnx } = train({ dataset, task: 'multiclass', classes: manifest.classes, seed: 1 });
  const referenceProfile = buildReferenceProfile(manifest, batch, predictions);
  return { from, to: await registerVersion(pool, { manifest, onnx, referenceCsv, referenceProfile }) };
}

test('a new champion that does worse on labelled rows than the one before would have done is rolled back by itself', async () => {
  const { from, to } = await addTurned('worse');
  await move('worse', to, from);
  await serve('worse', to, smallRows(90, 55));
  await pass();
  expect(await champion('worse')).toBe(to);
  await serve('worse', to, smallRows(60, 56));
  await pass();
  expect(await champion('worse')).toBe(from);
  const { rows } = await pool.query(
    `select kind, decided_by as by, reason from promotions where model_name = 'worse' order by promotion_id desc limit 1`,
  );
  expect(rows[0]).toMatchObject({ kind: 'rollback', by: 'trainer' });
  expect(rows[0].reason).toContain('rolled back within 1440 minutes: on 100 labelled rows its accuracy is');
  expect(await metrics.registry.metrics()).toContain('rollout_acts_total{act="rollback"} 1');
  // Back on the version before, it is not judged again.
  await pass();
  expect(await champion('worse')).toBe(from);
});

test('the same champion stays where the world has turned with it, where it is paused, and when the watch is over', async () => {
  const turned = await addTurned('turned');
  await move('turned', turned.to, turned.from);
  await serve('turned', turned.to, turnedRows(150, 57));
  const paused = await addTurned('held');
  await move('held', paused.to, paused.from);
  await serve('held', paused.to, smallRows(150, 58));
  await withTransaction(pool, (client) => pauseModel(client, 'held', { by: 'alice', reason: 'looking myself' }));
  const old = await addTurned('old');
  await move('old', old.to, old.from);
  await serve('old', old.to, smallRows(150, 59));
  await pool.query(`update promotions set promoted_at = now() - interval '2 days' where model_name = 'old'`);
  await pass();
  expect(await Promise.all(['turned', 'held', 'old'].map(champion))).toEqual([turned.to, paused.to, old.to]);
});

test('a champion that was rolled back to is not judged again, though it was promoted not long ago', async () => {
  const { from, to } = await addTurned('returned');
  await move('returned', to, from);
  const third = await addSmallModel(pool, 'returned');
  await withTransaction(pool, (client) =>
    rollBack(client, { modelName: 'returned', expectedChampion: third, decidedBy: 'alice', reason: 'complaints' }),
  );
  await serve('returned', to, smallRows(150, 66));
  await pass();
  expect(await champion('returned')).toBe(to);
});

test('a champion that takes far longer than the one before is rolled back', async () => {
  const { from, to } = await addTwo('slow');
  await serve('slow', from, smallRows(210, 62), 'latency_us = 500');
  await pool.query(`update predictions set requested_at = requested_at - interval '1 hour' where model_name = 'slow'`);
  await pool.query(
    `update capture_batches set first_requested_at = first_requested_at - interval '1 hour',
       last_requested_at = last_requested_at - interval '1 hour' where model_name = 'slow'`,
  );
  await move('slow', to, from);
  await serve('slow', to, smallRows(210, 63), 'latency_us = 9000');
  await pass();
  expect(await champion('slow')).toBe(from);
});
