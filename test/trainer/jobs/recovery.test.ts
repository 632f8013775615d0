import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../core/http/free-port.js';
import { compiledPath } from '../../../core/package-path.js';
import { type Pool, withTransaction } from '../../../core/postgres/pool.js';
import { beginExperiment, loadExperiment, type NewExperiment } from '../../../core/registry/experiments.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { enqueueRuns } from '../../../trainer/jobs/queue.js';
import type { TrainingRun } from '../../../trainer/jobs/runs.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { until } from '../../helpers/until.js';
import {
  addLabelled,
  addSmallModel,
  command,
  driftAlert,
  postAlerts,
  startTestTrainer,
  TOKEN,
  turnedRows,
  untilRun,
} from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let folder: string;
const trainers: Awaited<ReturnType<typeof startTestTrainer>>[] = [];
beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(join(tmpdir(), 'plumbline-recovery-'));
});
afterEach(async () => {
  for (const trainer of trainers.splice(0)) await trainer.close();
});
afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

async function start(settings: Parameters<typeof startTestTrainer>[1] = {}) {
  const trainer = await startTestTrainer(database.url, settings);
  trainers.push(trainer);
  return trainer;
}

/** The queue ends a job some time after its run's last state is on record. */
async function untilNoJob(trainingRunId: string): Promise<void> {
  await until('the job to be off the queue', async () => {
    const { rows } = await database.pool.query('select 1 from graphile_worker.jobs where key = $1', [trainingRunId]);
    return rows.length === 0;
  });
}

/** Hangs the first time, leaving its process id in `marker`; trains the second time. */
function hangsOnce(marker: string): string[] {
  return command(`
    const { spawnSync } = require("node:child_process");
    if (!fs.existsSync(${JSON.stringify(marker)})) {
      fs.writeFileSync(${JSON.stringify(`${marker}.new`)}, String(process.pid));
      fs.renameSync(${JSON.stringify(`${marker}.new`)}, ${JSON.stringify(marker)});
      setInterval(() => {}, 1000);
    } else {
      const main = ${JSON.stringify(compiledPath('trainer/builtin/main.js'))};
      process.exitCode = spawnSync(process.execPath, [main, input, output], { stdio: "inherit" }).status;
    }`);
}

test('a trainer killed while it trains leaves a run that another trainer takes up and finishes', async () => {
  const { pool, url } = database;
  const marker = join(folder, 'killed');
  const version = await addSmallModel(pool, 'killed', { command: hangsOnce(marker) });
  await addLabelled(pool, { name: 'killed', version, rows: turnedRows(450, 41) });
  const port = await freePort();
  const child = spawn(process.execPath, [compiledPath('trainer/main.js')], {
    env: { PATH: process.env.PATH, DATABASE_URL: url, TRAINER_PORT: String(port), TRAINER_WEBHOOK_TOKEN: TOKEN },
    stdio: 'ignore',
  });
  try {
    await until('the trainer to be ready', async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).ok);
    const alert = driftAlert('killed', version);
    await postAlerts(`http://127.0.0.1:${port}`, [alert]);
    await until('the training command to hang', () => access(marker).then(() => true));
    await untilRun(pool, 'killed', ['training']);
  } finally {
    child.kill('SIGKILL');
  }
  process.kill(Number(await readFile(marker, 'utf8')), 'SIGKILL');
  await start();
  const run = await untilRun(pool, 'killed', ['promoted', 'kept', 'failed', 'refused']);
  expect(run.state).toBe('promoted');
  const { rows } = await pool.query(`select count(*)::int as n from model_versions where model_name = 'killed'`);
  expect(rows[0].n).toBe(2);
});

test('does not take a job away from a trainer that lives', async () => {
  const { pool } = database;
  const first = await start();
  const begun = join(folder, 'begun');
  const version = await addSmallModel(pool, 'living', {
    command: command(`fs.appendFileSync(${JSON.stringify(begun)}, "x"); setTimeout(() => process.exit(3), 3000)`),
  });
  await addLabelled(pool, { name: 'living', version, rows: turnedRows(450, 42) });
  await postAlerts(first.url, [driftAlert('living', version)]);
  await until('the training command to begin', () => access(begun).then(() => true));
  await start();
  const run = await untilRun(pool, 'living', ['failed', 'promoted', 'kept']);
  expect(run.reason).toContain('ended with exit code 3');
  // The second trainer had some ten passes of recovery, and polls, in which it would have begun the training again.
  expect(await readFile(begun, 'utf8')).toBe('x');
  await untilNoJob(run.trainingRunId);
});

test('a trainer that is stopped while it trains gives the run back', async () => {
  const { pool, url } = database;
  const marker = join(folder, 'stopped');
  const first = await startTestTrainer(url);
  const version = await addSmallModel(pool, 'stopped', { command: hangsOnce(marker) });
  await addLabelled(pool, { name: 'stopped', version, rows: turnedRows(450, 43) });
  await postAlerts(first.url, [driftAlert('stopped', version)]);
  await until('the training command to hang', () => access(marker).then(() => true));
  await first.abort();
  expect(await untilRun(pool, 'stopped', ['queued'])).toMatchObject({
    reason: 'the trainer was stopped; the run begins again',
  });
  await start();
  await untilRun(pool, 'stopped', ['promoted']);
});

test('a trainer that loses every connection while it trains works on when Postgres is back', async () => {
  const { pool } = database;
  const trainer = await start();
  const begun = join(folder, 'cut-off');
  const main = compiledPath('trainer/builtin/main.js');
  const version = await addSmallModel(pool, 'cut-off', {
    command: command(`fs.appendFileSync(${JSON.stringify(begun)}, "x");
      setTimeout(() => {
        process.exitCode = require("node:child_process").spawnSync(process.execPath, [${JSON.stringify(main)}, input, output]).status;
      }, 1500);`),
  });
  await addLabelled(pool, { name: 'cut-off', version, rows: turnedRows(450, 45) });
  await postAlerts(trainer.url, [driftAlert('cut-off', version)]);
  await until('the training command to begin', () => access(begun).then(() => true));
  for (let i = 0; i < 3; i++) {
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'plumbline-trainer'`,
    );
    await until('the trainer to connect again', async () => (await fetch(`${trainer.url}/health/ready`)).ok);
  }
  await untilRun(pool, 'cut-off', ['promoted']);
  const secondVersion = await addSmallModel(pool, 'after-cut');
  await postAlerts(trainer.url, [driftAlert('after-cut', secondVersion)]);
  await untilRun(pool, 'after-cut', ['waiting']);
});

test('a queue worker that ends is followed by another, and what it held is given back', async () => {
  const { pool } = database;
  const trainer = await start();
  const begun = join(folder, 'unreleased');
  const version = await addSmallModel(pool, 'unreleased', {
    command: command(`fs.appendFileSync(${JSON.stringify(begun)}, "x"); setTimeout(() => process.exit(3), 500)`),
  });
  await addLabelled(pool, { name: 'unreleased', version, rows: turnedRows(450, 46) });
  await postAlerts(trainer.url, [driftAlert('unreleased', version)]);
  await until('the training command to begin', () => access(begun).then(() => true));
  const workerLocks = async (): Promise<string> => {
    const { rows } = await pool.query(
      `select objid from pg_locks where locktype = 'advisory' and classid = 7586232 and granted
       and database = (select oid from pg_database where datname = current_database())`,
    );
    return rows.map((row) => row.objid).join();
  };
  const before = await workerLocks();
  // The library cannot mark the job as done, and its worker ends.
  await pool.query('alter table graphile_worker._private_jobs rename to hidden');
  const { trainingRunId } = await untilRun(pool, 'unreleased', ['failed']);
  await until('another worker', async () => (await workerLocks()) !== before);
  await pool.query('alter table graphile_worker.hidden rename to _private_jobs');
  await until('the trainer to be ready', async () => (await fetch(`${trainer.url}/health/ready`)).ok);
  await untilNoJob(trainingRunId);
  expect(await readFile(begun, 'utf8')).toBe('x');
});

/** Makes a run that was concluded look broken off before that, with a comparison that speaks for its challenger. */
async function breakOff(pool: Pool, run: TrainingRun): Promise<void> {
  // In one transaction: an open run without a job would be taken for a lost one.
  await withTransaction(pool, async (client) => {
    await client.query(
      `update training_runs set state = 'comparing', finished_at = null,
         comparison = jsonb_set(comparison, '{interval}', '{"low": 0.2, "high": 0.3}') where training_run_id = $1`,
      [run.trainingRunId],
    );
    await enqueueRuns(client, [run]);
  });
}

test('a run broken off after its challenger was registered goes on from there, without training again', async () => {
  const { pool } = database;
  const trainer = await start();
  const version = await addSmallModel(pool, 'resumed');
  await addLabelled(pool, { name: 'resumed', version, rows: smallRows(450, 44) });
  await postAlerts(trainer.url, [driftAlert('resumed', version)]);
  const run = await untilRun(pool, 'resumed', ['kept']);
  await breakOff(pool, run);
  const again = await untilRun(pool, 'resumed', ['promoted', 'kept', 'failed']);
  expect(again).toMatchObject({ state: 'promoted', candidateVersion: run.candidateVersion, startedAt: run.startedAt });
});

test('a run broken off after its challenger was registered is refused when the champion is another by then', async () => {
  const { pool } = database;
  const trainer = await start();
  const version = await addSmallModel(pool, 'overtaken');
  await addLabelled(pool, { name: 'overtaken', version, rows: smallRows(450, 47) });
  // An alert that names no version: the guards cannot tell.
  await postAlerts(trainer.url, [driftAlert('overtaken', undefined)]);
  const run = await untilRun(pool, 'overtaken', ['kept']);
  const added = await addSmallModel(pool, 'overtaken');
  await breakOff(pool, run);
  const again = await untilRun(pool, 'overtaken', ['promoted', 'refused', 'failed']);
  expect(again.reason).toContain(
    `the champion is version ${added} by now, version ${run.candidateVersion} was compared with version ${version}`,
  );
  expect(again.state).toBe('refused');
  expect((await loadChampion(pool, 'overtaken'))!.modelVersion).toBe(added);
});

test('ends a run whose every attempt ended together with its trainer', async () => {
  const { pool } = database;
  const id = uuidv7();
  await pool.query(
    `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, reason, alert)
     values ($1, 'lost', now(), 'x', 'lost', 'training', 'training', '{}')`,
    [id],
  );
  const begun = { modelName: 'lost', command: 'x', datasetDigest: 'x', datasetRows: 1, startedAt: new Date() };
  const request = {} as NewExperiment['request'];
  const lost = await beginExperiment(pool, { ...begun, request, trainingRunId: id });
  const byHand = await beginExperiment(pool, { ...begun, request, trainingRunId: null });
  await start();
  const run = await untilRun(pool, 'lost', ['failed']);
  expect(run.reason).toContain('every attempt ended together with its trainer while the run was training');
  const ended = await until('its experiment to end', async () => {
    const experiment = await loadExperiment(pool, lost);
    return experiment?.state !== 'running' && experiment;
  });
  expect(ended).toMatchObject({ state: 'interrupted', reason: 'the trainer ended before it did' });
  expect(ended.finishedAt).toBeInstanceOf(Date);
  expect(await loadExperiment(pool, byHand)).toMatchObject({ state: 'running' });
});
