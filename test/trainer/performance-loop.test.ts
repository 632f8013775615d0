import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCsv } from '../../core/csv.js';
import type { Pool } from '../../core/postgres/pool.js';
import { loadProject } from '../../core/project/load.js';
import { addModel } from '../../core/project/register.js';
import { createSendAlerts } from '../../monitor/alerts/send.js';
import { listAlerts } from '../../monitor/alerts/stored.js';
import { runPass } from '../../monitor/run.js';
import { listRuns } from '../../trainer/jobs/runs.js';
import { createDatabase } from '../helpers/postgres.js';
import { type SmallRow, smallRows, writeSmallProject } from '../helpers/project.js';
import { until } from '../helpers/until.js';
import { testMonitor } from '../monitor/fixture.js';
import { startTestService, untilServing } from '../service/harness.js';
import { startTestTrainer, TOKEN, turnedRows, untilRun } from './harness.js';

// A service, a monitor and a trainer that meet in Postgres and by HTTP: the truth of the same inputs changes, and nothing else.
const NAME = 'turning';
let database: Awaited<ReturnType<typeof createDatabase>>;
let trainer: Awaited<ReturnType<typeof startTestTrainer>>;
let service: Awaited<ReturnType<typeof startTestService>>;
beforeAll(async () => {
  database = await createDatabase();
  await addWithHeldOut(database.pool);
  trainer = await startTestTrainer(database.url);
  service = await startTestService(database.url);
  await service.ready();
});
afterAll(async () => {
  await service.close();
  await trainer.close();
  await database.drop();
});

/** Rows that the model has not learned: its answers to those it has are surer than to any others, which would look like a drift. */
async function addWithHeldOut(pool: Pool): Promise<void> {
  const project = await writeSmallProject(({ manifest }) => {
    manifest.name = NAME;
    manifest.retraining = { minimumOutcomes: 400 };
  });
  await writeCsv(join(project.folder, 'held-out.csv'), ['size', 'weight', 'colour', 'grade'], smallRows(600, 70));
  await addModel(pool, await loadProject(project.folder), 'test').finally(() => project.remove());
}

/** Sends rows and then their truth. @returns the share of right answers */
async function live(rows: SmallRow[]): Promise<number> {
  const { body } = await service.post(`/v1/models/${NAME}/predict`, {
    instances: rows.map(({ grade, ...instance }) => instance),
  });
  await service.stored();
  const predictions = body.predictions as { id: string; label: string }[];
  const observed_at = new Date().toISOString();
  const outcomes = predictions.map(({ id }, i) => ({ prediction_id: id, actual: rows[i]!.grade, observed_at }));
  expect((await service.post(`/v1/models/${NAME}/outcomes`, { outcomes })).status).toBe(200);
  return predictions.filter(({ label }, i) => label === rows[i]!.grade).length / rows.length;
}

test('a model whose inputs stay and whose truth changes is trained anew by its outcomes alone', async () => {
  const { pool } = database;
  const send = createSendAlerts({ url: `${trainer.url}/v1/alerts`, token: TOKEN, timeoutMs: 10_000 });
  const alerting = { send, repeatSeconds: 600, externalUrl: 'http://monitor' };
  // Each second of traffic is a window.
  const { monitor, setTime } = testMonitor(pool, { alerting, bucketSeconds: 1, latenessSeconds: 0, windowRows: 300 });
  const pass = async (): Promise<void> => {
    const now = Math.ceil(Date.now() / 1_000) + 1;
    setTime(now);
    expect(await runPass(monitor)).toEqual([]);
    await until('the next window to begin', () => Date.now() >= now * 1_000);
  };
  expect(await live(smallRows(300, 71))).toBeGreaterThan(0.9);
  await pass();
  expect(await listAlerts(pool, NAME, 9)).toEqual([]);

  expect(await live(turnedRows(300, 72))).toBeLessThan(0.6);
  await pass();
  expect((await listAlerts(pool, NAME, 9)).map(({ alertName }) => alertName)).toEqual(['PerformanceDrop']);
  const waiting = await untilRun(pool, NAME, ['waiting']);
  expect(waiting).toMatchObject({ alertName: 'PerformanceDrop', championVersion: 1, guard: 'too-few-labels' });
  expect(waiting.reason).toMatch(/^0 of 400 labelled rows since .*, the end of the window in which performance fell$/);

  // Rows of the new truth alone are learned from.
  await live(turnedRows(600, 73));
  const run = await untilRun(pool, NAME, ['promoted', 'kept', 'failed', 'refused']);
  expect(run.state, run.reason).toBe('promoted');
  expect(run.dataset).toMatchObject({ change: 'performance', recentTrainingRows: 420, heldOutRows: 180 });
  await untilServing(service, NAME, 2);
  // Not all of it: reference rows, which are of the old truth, are learned from too, with a quarter of the weight.
  expect(await live(turnedRows(300, 74))).toBeGreaterThan(0.75);

  await pass();
  const alerts = await listAlerts(pool, NAME, 9);
  expect(alerts.map(({ alertName, endsAt }) => [alertName, endsAt !== null])).toEqual([['PerformanceDrop', true]]);
  expect(await listRuns(pool, { modelName: NAME, limit: 9 })).toHaveLength(1);
  const { rows } = await pool.query(
    'select model_version as v, verdict from performance_windows order by window_start',
  );
  expect(rows).toEqual([
    { v: 1, verdict: 'ok' },
    { v: 1, verdict: 'drop' },
    { v: 1, verdict: 'drop' },
    { v: 2, verdict: 'ok' },
  ]);
  const drift = await pool.query('select distinct verdict from drift_windows');
  expect(drift.rows).toEqual([{ verdict: 'ok' }]);
});
