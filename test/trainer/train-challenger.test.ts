import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { loadChampion } from '../../core/registry/versions.js';
import { exportOnnx } from '../../trainer/builtin/onnx/export-onnx.js';
import { train } from '../../trainer/builtin/train.js';
import { loadRunDetail } from '../../trainer/jobs/runs.js';
import { createDatabase } from '../helpers/postgres.js';
import { smallRows } from '../helpers/project.js';
import {
  addLabelled,
  addSmallModel,
  command,
  driftAlert,
  postAlerts,
  startTestTrainer,
  turnedRows,
  untilRun,
} from './harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let trainer: Awaited<ReturnType<typeof startTestTrainer>>;
let folder: string;
beforeAll(async () => {
  vi.stubEnv('TRAINER_WEBHOOK_TOKEN', 'the-secret-of-the-webhook');
  vi.stubEnv('DATABASE_URL', 'postgres://the-secret-of-the-database');
  vi.stubEnv('SEEN_BY_COMMANDS', 'as it is');
  folder = await mkdtemp(join(tmpdir(), 'plumbline-trainer-'));
  database = await createDatabase();
  trainer = await startTestTrainer(database.url, { TRAINER_WORK_FOLDER: folder });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await trainer.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const write = (bytes: string): string =>
  `fs.writeFileSync(output + "/model.onnx", ${bytes}); fs.writeFileSync(output + "/metrics.json", "{}");`;

/** A model for other features than the manifest's. */
function otherModel(): string {
  const values = Float64Array.from({ length: 60 }, (_, i) => i);
  const dataset = {
    rows: 60,
    columns: [{ name: 'other', type: 'numeric' as const, values }],
    target: values.map((v) => (v < 30 ? 0 : 1)),
    weights: new Float64Array(60).fill(1),
  };
  const { onnx } = train({ dataset, task: 'binary', classes: ['a', 'b'], seed: 1 });
  return `Buffer.from("${Buffer.from(onnx).toString('base64')}", "base64")`;
}

/** A model for the manifest's features whose every probability is NaN. */
function nanModel(): string {
  const rows = smallRows(60, 1);
  const dataset = {
    rows: rows.length,
    columns: [
      { name: 'size', type: 'numeric' as const, values: Float64Array.from(rows, (r) => r.size) },
      { name: 'weight', type: 'numeric' as const, values: Float64Array.from(rows, (r) => r.weight ?? Number.NaN) },
      {
        name: 'colour',
        type: 'categorical' as const,
        categories: ['red', 'green', 'blue'],
        codes: Int32Array.from(rows, (r) => ['red', 'green', 'blue'].indexOf(r.colour)),
      },
    ],
    target: Float64Array.from(rows, (r) => ['low', 'mid', 'high'].indexOf(r.grade)),
    weights: new Float64Array(rows.length).fill(1),
  };
  const { model } = train({ dataset, task: 'multiclass', classes: ['low', 'mid', 'high'], seed: 1 });
  const onnx = exportOnnx({ ...model, base: model.base.map(() => Number.NaN) });
  return `Buffer.from("${Buffer.from(onnx).toString('base64')}", "base64")`;
}

test.each([
  [
    'ends with code 1',
    'console.log("step 1"); console.error("out of luck"); process.exit(1)',
    'ended with exit code 1: out of luck',
  ],
  ['leaves no model', 'fs.writeFileSync(output + "/metrics.json", "{}")', 'left no model.onnx in its output folder'],
  ['leaves no metrics', 'fs.writeFileSync(output + "/model.onnx", "x")', 'left no metrics.json in its output folder'],
  ['writes junk for a model', write('"not a model"'), 'model.onnx: onnxruntime cannot load it'],
  ['trains on other features', write(otherModel()), 'input features float32[?,1]'],
  ['answers NaN', write(nanModel()), 'model.onnx: answers some of the held-out rows with NaN or infinity'],
  ['hangs', 'setInterval(() => {}, 1000)', 'was ended after 0.02 minutes (retraining.timeoutMinutes)'],
])('a training command that %s fails the run with that reason', async (what, script, reason) => {
  const { pool } = database;
  const name = `command-${what.toLowerCase().replaceAll(' ', '-')}`;
  const timeoutMinutes = what === 'hangs' ? 0.02 : 1;
  const version = await addSmallModel(pool, name, { command: command(script), timeoutMinutes });
  await addLabelled(pool, { name, version, rows: turnedRows(420, 31) });
  await postAlerts(trainer.url, [driftAlert(name, version)]);
  const run = await untilRun(pool, name, ['failed', 'promoted', 'kept', 'refused']);
  expect(run.state).toBe('failed');
  expect(run.reason).toContain(reason);
  expect((await loadChampion(pool, name))!.modelVersion).toBe(version);
  const { log } = await loadRunDetail(pool, run.trainingRunId);
  if (what === 'ends with code 1') expect(log).toMatch(/step 1[\s\S]*out of luck/);
  expect(await readdir(folder)).toEqual([]);
});

test('a training command does not see the secrets of the trainer', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'curious', {
    command: command('console.log(JSON.stringify(process.env)); process.exit(1)'),
  });
  await addLabelled(pool, { name: 'curious', version, rows: turnedRows(420, 31) });
  await postAlerts(trainer.url, [driftAlert('curious', version)]);
  const run = await untilRun(pool, 'curious', ['failed', 'promoted', 'kept', 'refused']);
  const { log } = await loadRunDetail(pool, run.trainingRunId);
  expect(log).toContain('"SEEN_BY_COMMANDS":"as it is"');
  expect(log + run.reason).not.toContain('the-secret');
});
