import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '../../../core/postgres/pool.js';
import {
  ChampionChangedError,
  insertVersion,
  loadChampion,
  loadVersion,
  promoteVersion,
} from '../../../core/registry/versions.js';
import type { EvaluatedComparison } from '../../../trainer/compare/evaluate.js';
import type { RetrainContext } from '../../../trainer/context.js';
import { loadRun } from '../../../trainer/jobs/runs.js';
import { createMetrics } from '../../../trainer/metrics.js';
import { conclude } from '../../../trainer/promote/conclude.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addSmallModel } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const better = {
  metric: 'accuracy',
  champion: 0.5,
  challenger: 0.7,
  improvement: 0.2,
  interval: { low: 0.1, high: 0.3 },
  clusters: 150,
} as EvaluatedComparison;

test('a champion that changed in the meantime leaves pointer, versions and run as they were', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'raced');
  const champion = (await loadChampion(pool, 'raced'))!;
  const { rows } = await pool.query(`select content from artefacts where digest = $1`, [champion.modelDigest]);
  const add = () =>
    withTransaction(pool, (client) =>
      insertVersion(client, {
        manifest: champion.manifest,
        onnx: rows[0].content,
        referenceCsv: Buffer.from('x'),
        referenceProfile: champion.referenceProfile,
      }),
    );
  const candidate = await add();
  const rival = await add();
  const trainingRunId = uuidv7();
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, reason, alert)
     values ($1, 'raced', now(), 'x', 'raced', 'comparing', 'comparing', '{}')`,
    [trainingRunId],
  );
  const run = (await loadRun(pool, trainingRunId))!;
  await withTransaction(pool, (client) =>
    promoteVersion(client, {
      modelName: 'raced',
      toVersion: rival,
      expectedChampion: version,
      decidedBy: 'someone',
      reason: 'by hand',
    }),
  );
  const silent = () => undefined;
  const logger = { debug: silent, info: silent, warn: silent, error: silent };
  const metrics = createMetrics();
  const context = { pool, logger, metrics } as unknown as RetrainContext;

  await expect(conclude(context, run, champion, candidate, better)).rejects.toThrow(ChampionChangedError);

  expect((await loadChampion(pool, 'raced'))!.modelVersion).toBe(rival);
  expect((await loadVersion(pool, 'raced', candidate))!.state).toBe('candidate');
  expect((await loadRun(pool, trainingRunId))!.state).toBe('comparing');
  const promotions = await pool.query(`select to_version from promotions where model_name = 'raced' order by 1`);
  expect(promotions.rows.map((row) => row.to_version)).toEqual([version, rival]);
  expect(await metrics.registry.metrics()).toContain('training_runs_total{state="promoted"} 0');
});

test('a run that was cancelled is not promoted: the pointer moves back with the run', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'gone');
  const champion = (await loadChampion(pool, 'gone'))!;
  const trainingRunId = uuidv7();
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, reason, alert)
     values ($1, 'gone', now(), 'x', 'gone', 'cancelled', 'cancelled', '{}')`,
    [trainingRunId],
  );
  const run = (await loadRun(pool, trainingRunId))!;
  const context = { pool } as unknown as RetrainContext;
  await expect(conclude(context, run, champion, version, better)).rejects.toThrow('has ended already');
  const promotions = await pool.query(`select count(*)::int as n from promotions where model_name = 'gone'`);
  expect(promotions.rows[0].n).toBe(1);
});
