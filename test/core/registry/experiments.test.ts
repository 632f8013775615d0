import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  beginExperiment,
  endExperiment,
  listExperiments,
  listTrials,
  loadExperiment,
  type NewExperiment,
} from '../../../core/registry/experiments.js';
import type { TrialRecord } from '../../../core/training/trials.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const RUN = '018f0000-0000-7000-8000-000000000001';
const begun: NewExperiment = {
  trainingRunId: null,
  modelName: 'small',
  command: 'built-in trainer',
  request: { modelName: 'small', seed: 3, parentVersion: null, metric: 'accuracy' } as NewExperiment['request'],
  datasetDigest: `sha256:${'a'.repeat(64)}`,
  datasetRows: 100,
  startedAt: new Date('2026-03-01T10:00:00Z'),
};
const trial = (number: number, score: number | null): TrialRecord => ({
  number,
  state: score === null ? 'failed' : 'complete',
  family: 'forest',
  parameters: { trees: 100 },
  metrics: { logLoss: 0.123456789012345 },
  metric: 'log_loss',
  score,
  durationSeconds: 1.25,
  ...(score === null && { reason: 'out of luck' }),
});

test('an experiment is on record from its beginning, and with its trials at its end', async () => {
  const { pool } = database;
  const id = await beginExperiment(pool, begun);
  expect(await loadExperiment(pool, id)).toMatchObject({ ...begun, state: 'running', finishedAt: null });
  const trials = [trial(1, null), trial(0, 0.25)];
  const at = new Date('2026-03-01T10:01:00Z');
  const end = {
    state: 'complete',
    reason: '',
    codeVersion: 'x',
    metrics: { accuracy: 0.5 },
    modelDigest: 'd',
    modelCard: '# A card',
    trials,
  } as const;
  await endExperiment(pool, id, end, at);
  const { trials: _, ...kept } = end;
  expect(await loadExperiment(pool, id)).toMatchObject({ ...kept, finishedAt: at });
  expect(await listTrials(pool, id)).toEqual([trial(0, 0.25), trial(1, null)]);
  expect(await listExperiments(pool, { modelName: 'other', limit: 5 })).toEqual([]);
  expect(await listExperiments(pool, { modelName: 'small', limit: 5 })).toHaveLength(1);
});

test('the one before it, of the same retraining, was interrupted', async () => {
  const { pool } = database;
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, reason, alert)
     values ($1, 'f', now(), 'a', 'small', 'training', '', '{}')`,
    [RUN],
  );
  const first = await beginExperiment(pool, { ...begun, trainingRunId: RUN });
  const second = await beginExperiment(pool, { ...begun, trainingRunId: RUN, startedAt: new Date() });
  expect(await loadExperiment(pool, first)).toMatchObject({
    state: 'interrupted',
    reason: 'the trainer ended before it did',
  });
  expect((await loadExperiment(pool, RUN))!.experimentId).toBe(second);
});

test('those by hand are found however many retrainings came since', async () => {
  const { pool } = database;
  const modelName = 'often';
  const byHand = await beginExperiment(pool, { ...begun, modelName });
  const startedAt = new Date('2026-03-02T10:00:00Z');
  for (const _ of [1, 2]) await beginExperiment(pool, { ...begun, modelName, trainingRunId: RUN, startedAt });
  const ids = (await listExperiments(pool, { modelName, trainingRunId: null, limit: 1 })).map((e) => e.experimentId);
  expect(ids).toEqual([byHand]);
  expect(await listExperiments(pool, { modelName, limit: 9 })).toHaveLength(3);
});
