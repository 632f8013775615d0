import { expect, test } from 'vitest';
import { loadRun, loadRunDetail } from '../../trainer/jobs/runs.js';
import { until } from '../helpers/until.js';
import {
  addLabelled,
  addSmallModel,
  command,
  driftAlert,
  postAlerts,
  TOKEN,
  turnedRows,
  untilRun,
  useTrainer,
} from './harness.js';

const started = useTrainer();

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${started.trainer.url}${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('requests for experiments are measured from the start', async () => {
  const metrics = await (await fetch(`${started.trainer.url}/metrics`)).text();
  for (const route of ['/v1/experiments', '/v1/experiments/{id}']) {
    expect(metrics).toContain(
      `http_request_duration_seconds_count{method="GET",route="${route}",status_code="200"} 0\n`,
    );
  }
});

test('a retraining that searches has its trials on record, and shows them', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'searched', {}, { trials: 5, folds: 2 });
  await addLabelled(pool, { name: 'searched', version, rows: turnedRows(420, 31) });
  await postAlerts(started.trainer.url, [driftAlert('searched', version)]);
  const run = await untilRun(pool, 'searched', ['failed', 'promoted', 'kept', 'refused']);
  expect(run).toMatchObject({ state: 'promoted' });
  const { status, body } = await get(`/v1/experiments/${run.trainingRunId}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    training_run_id: run.trainingRunId,
    model: 'searched',
    state: 'complete',
    command: 'built-in trainer',
    code_version: expect.stringMatching(/^built-in trainer /),
    request: { seed: 1, parentVersion: version, training: { trials: 5, folds: 2, metric: 'log_loss' } },
    dataset_digest: run.datasetDigest,
  });
  const trials = body.trials as Record<string, unknown>[];
  expect(trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
  expect(trials[0]).toMatchObject({
    state: 'complete',
    family: 'boosting',
    metric: 'log_loss',
    score: expect.any(Number),
    duration_seconds: expect.any(Number),
    metrics: { accuracy: expect.any(Number), rows: body.dataset_rows },
    parameters: { learningRate: 0.05, features: ['size', 'weight', 'colour'] },
  });
  const list = await get('/v1/experiments?model=searched');
  expect(list.body.experiments).toMatchObject([{ experiment_id: body.experiment_id }]);
});

test('what a command prints can be read while it is running', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'talking', {
    command: command('console.log("half way"); setTimeout(() => process.exit(1), 4000)'),
  });
  await addLabelled(pool, { name: 'talking', version, rows: turnedRows(420, 31) });
  await postAlerts(started.trainer.url, [driftAlert('talking', version)]);
  const { trainingRunId } = await untilRun(pool, 'talking', ['training']);
  const state = await until('the log of a run that is still training', async () => {
    const { log } = await loadRunDetail(pool, trainingRunId);
    return log === 'half way\n' ? (await loadRun(pool, trainingRunId))!.state : undefined;
  });
  expect(state).toBe('training');
  await untilRun(pool, 'talking', ['failed']);
  const { body } = await get(`/v1/experiments/${trainingRunId}`);
  expect(body).toMatchObject({ state: 'failed', reason: expect.stringContaining('exit code 1'), trials: [] });
});

test('says which experiment is not there, and what is wrong with a query', async () => {
  for (const id of ['018f0000-0000-7000-8000-000000000001', 'nonsense']) {
    expect(await get(`/v1/experiments/${id}`)).toMatchObject({ status: 404, body: { code: 'experiment_not_found' } });
  }
  expect(await get('/v1/experiments?limit=0')).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect((await fetch(`${started.trainer.url}/v1/experiments`)).status).toBe(401);
});
