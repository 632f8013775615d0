import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importModel } from '../../cli/import-model.js';
import { freePort } from '../../core/http/free-port.js';
import { createMlflowClient } from '../../core/mlflow/client.js';
import { packagePath } from '../../core/package-path.js';
import { digestOf } from '../../core/registry/artefacts.js';
import { loadExperiment } from '../../core/registry/experiments.js';
import { createDatabase } from '../helpers/postgres.js';
import { until } from '../helpers/until.js';
import {
  addLabelled,
  addSmallModel,
  driftAlert,
  postAlerts,
  startTestTrainer,
  turnedRows,
  untilRun,
} from '../trainer/harness.js';

const PROGRAM = packagePath('.cache/mlflow/bin/mlflow');

test.runIf(process.env.CI)('MLflow is installed', () => {
  expect(existsSync(PROGRAM), 'install it with: bash test/end-to-end/install-mlflow.sh').toBe(true);
});

describe.skipIf(!existsSync(PROGRAM))('with an MLflow server', () => {
  let folder: string;
  let url: string;
  let database: Awaited<ReturnType<typeof createDatabase>>;
  let stop: () => Promise<void>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-mlflow-'));
    database = await createDatabase();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const stores = [
      '--backend-store-uri',
      `sqlite:///${folder}/mlflow.db`,
      '--artifacts-destination',
      `${folder}/artifacts`,
    ];
    const options = { cwd: folder, detached: true, env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true' } };
    const child = spawn(
      PROGRAM,
      ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1', ...stores],
      options,
    );
    const exited = once(child, 'exit');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk));
    stop = async () => {
      if (child.exitCode === null) process.kill(-child.pid!, 'SIGTERM');
      await exited;
    };
    await until(
      'MLflow to answer',
      async () => {
        if (child.exitCode !== null) throw new Error(said);
        return (await fetch(`${url}/health`).catch(() => undefined))?.ok;
      },
      110_000,
    );
  });
  afterAll(async () => {
    await stop();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  test('a retraining is copied with its trials and its model, which can be imported again', async () => {
    const { pool } = database;
    const trainer = await startTestTrainer(database.url, { TRAINER_MLFLOW_URL: url });
    try {
      const version = await addSmallModel(pool, 'copied', {}, { trials: 4, folds: 2 });
      await addLabelled(pool, { name: 'copied', version, rows: turnedRows(420, 31) });
      await postAlerts(trainer.url, [driftAlert('copied', version)]);
      const run = await untilRun(pool, 'copied', ['failed', 'promoted', 'kept', 'refused'], 120_000);
      const experiment = (await loadExperiment(pool, run.trainingRunId))!;
      const mlflow = createMlflowClient(url);
      const { experiment: found } = await mlflow.get('experiments/get-by-name', { experiment_name: 'copied' });
      const { experiment_id: id } = found as { experiment_id: string };
      const { runs } = await mlflow.post('runs/search', { experiment_ids: [id], max_results: 100 });
      const names = (runs as { info: { run_name: string; status: string } }[]).map(({ info }) => info);
      expect(names.map((info) => info.run_name).sort()).toEqual(
        [experiment.experimentId, 'trial 0', 'trial 1', 'trial 2', 'trial 3'].sort(),
      );
      expect(names.every(({ status }) => status === 'FINISHED')).toBe(true);

      const project = join(folder, 'project');
      const told = await importModel('mlflow:copied/1', project, { mlflow: url, force: false });
      expect(told).toContain('copied version 1');
      expect(told).toContain(`next: plumbline init NEW_FOLDER --onnx ${join(project, 'model.onnx')}`);
      expect(digestOf(await readFile(join(project, 'model.onnx')))).toBe(experiment.modelDigest);
      await expect(importModel('mlflow:copied/1', project, { mlflow: url, force: false })).rejects.toThrow('--force');
      await mlflow.post('registered-models/alias', { name: 'copied', alias: 'best', version: '1' });
      expect(await importModel('mlflow:copied@best', project, { mlflow: url, force: true })).toContain('version 1');
      await expect(importModel('mlflow:copied/9', project, { mlflow: url, force: true })).rejects.toThrow(
        /RESOURCE_DOES_NOT_EXIST/,
      );
    } finally {
      await trainer.close();
    }
  });

  test('a server that is away changes nothing for a retraining', async () => {
    const { pool } = database;
    const trainer = await startTestTrainer(database.url, { TRAINER_MLFLOW_URL: 'http://127.0.0.1:1' });
    try {
      const version = await addSmallModel(pool, 'alone');
      await addLabelled(pool, { name: 'alone', version, rows: turnedRows(420, 31) });
      await postAlerts(trainer.url, [driftAlert('alone', version)]);
      const run = await untilRun(pool, 'alone', ['failed', 'promoted', 'kept', 'refused'], 120_000);
      expect(run.state).toBe('promoted');
    } finally {
      await trainer.close();
    }
  });
});

test('a source that names no model is refused before anything is fetched', async () => {
  await expect(importModel('mlflow:x', 'nowhere', { mlflow: 'http://127.0.0.1:1', force: true })).rejects.toThrow(
    'write mlflow:NAME/VERSION or mlflow:NAME@ALIAS',
  );
});
