import { expect, test } from 'vitest';
import { withTransaction } from '../../../core/postgres/pool.js';
import { loadProject } from '../../../core/project/load.js';
import { buildReferenceProfile } from '../../../core/reference/profile.js';
import { pauseModel } from '../../../core/registry/pause.js';
import { rollBack } from '../../../core/registry/roll-back.js';
import { registerVersion } from '../../../core/registry/versions.js';
import { toDataset } from '../../../trainer/builtin/to-dataset.js';
import { train } from '../../../trainer/builtin/train.js';
import { smallRows, writeSmallProject } from '../../helpers/project.js';
import { addSmallModel, turnedRows } from '../harness.js';
import { setStage } from './stage.js';

const stage = setStage();
const { metrics, pass, addTwo, serve, move, champion } = stage;

/** A challenger that learned from rows whose grades have changed places. */
async function addTurned(name: string): Promise<{ from: number; to: number }> {
  const { from } = await addTwo(name);
  const project = await writeSmallProject((parts) => {
    parts.manifest.name = name;
    parts.manifest.retraining = { minimumOutcomes: 400 };
  });
  const { manifest, referenceCsv, batch, predictions } = await loadProject(project.folder);
  await project.remove();
  const rows = turnedRows(600, 61);
  const dataset = toDataset(manifest, {
    instances: rows as never,
    targets: rows.map(({ grade }) => grade),
    weights: rows.map(() => 1),
  });
  const { onnx } = train({ dataset, task: 'multiclass', classes: manifest.classes, seed: 1 });
  const referenceProfile = buildReferenceProfile(manifest, batch, predictions);
  return { from, to: await registerVersion(stage.pool, { manifest, onnx, referenceCsv, referenceProfile }) };
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
  const { rows } = await stage.pool.query(
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
  await withTransaction(stage.pool, (client) => pauseModel(client, 'held', { by: 'alice', reason: 'looking myself' }));
  const old = await addTurned('old');
  await move('old', old.to, old.from);
  await serve('old', old.to, smallRows(150, 59));
  await stage.pool.query(`update promotions set promoted_at = now() - interval '2 days' where model_name = 'old'`);
  await pass();
  expect(await Promise.all(['turned', 'held', 'old'].map(champion))).toEqual([turned.to, paused.to, old.to]);
});

test('a champion that was rolled back to is not judged again, though it was promoted not long ago', async () => {
  const { from, to } = await addTurned('returned');
  await move('returned', to, from);
  const third = await addSmallModel(stage.pool, 'returned');
  await withTransaction(stage.pool, (client) =>
    rollBack(client, { modelName: 'returned', expectedChampion: third, decidedBy: 'alice', reason: 'complaints' }),
  );
  await serve('returned', to, smallRows(150, 66));
  await pass();
  expect(await champion('returned')).toBe(to);
});

test('a champion that takes far longer than the one before is rolled back', async () => {
  const { from, to } = await addTwo('slow');
  await serve('slow', from, smallRows(210, 62), 'latency_us = 500');
  await stage.pool.query(
    `update predictions set requested_at = requested_at - interval '1 hour' where model_name = 'slow'`,
  );
  await stage.pool.query(
    `update capture_batches set first_requested_at = first_requested_at - interval '1 hour',
       last_requested_at = last_requested_at - interval '1 hour' where model_name = 'slow'`,
  );
  await move('slow', to, from);
  await serve('slow', to, smallRows(210, 63), 'latency_us = 9000');
  await pass();
  expect(await champion('slow')).toBe(from);
});
