import { expect, test } from 'vitest';
import { fingerprint } from '../../../core/alerts/payload.js';
import { verifyAudit } from '../../../core/audit/verify.js';
import { withTransaction } from '../../../core/postgres/pool.js';
import { pauseModel, resumeModel } from '../../../core/registry/pause.js';
import { listRuns, loadRun } from '../../../trainer/jobs/runs.js';
import { smallRows } from '../../helpers/project.js';
import { until } from '../../helpers/until.js';
import { addLabelled, addSmallModel, driftAlert, postAlerts, turnedRows, untilRun, useTrainer } from '../harness.js';

const started = useTrainer();

test('refuses a model that nobody registered', async () => {
  await postAlerts(started.trainer.url, [driftAlert('nobody', 1)]);
  const run = await untilRun(started.database.pool, 'nobody', ['refused']);
  expect(run.reason).toBe('no champion is registered for model "nobody"; add it with plumbline model add');
});

test('of two alerts on one model, trains for one and refuses the other with its reason', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'twice');
  await addLabelled(pool, { name: 'twice', version, rows: turnedRows(500, 21) });
  const other = driftAlert('twice', version, { fingerprint: 'twice-second' });
  await postAlerts(started.trainer.url, [driftAlert('twice', version), other]);
  const runs = await until('both runs to end', async () => {
    const found = await listRuns(pool, { modelName: 'twice', limit: 10 });
    return found.length === 2 && found.every((run) => run.finishedAt) && found;
  });
  expect(runs.map((run) => run.state).sort()).toEqual(['promoted', 'refused']);
  expect(runs.find((run) => run.state === 'refused')!.reason).toBe(
    `the alert is about version ${version}, the champion is version ${version + 1} by now`,
  );
});

test('of a drift and a loss of performance at once, trains for one; when the champion stays, the other waits for the cool-down', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'both', { cooldownMinutes: 30 });
  await addLabelled(pool, { name: 'both', version, rows: smallRows(500, 28) });
  const [drift, loss] = ['FeatureDrift', 'PerformanceDrop'].map((alertname) => {
    const source = alertname === 'PerformanceDrop' ? { source: 'realised' } : {};
    const labels = { alertname, model_name: 'both', model_version: String(version), ...source };
    return driftAlert('both', version, { labels, fingerprint: fingerprint(labels) });
  });
  const settled = async () => {
    await postAlerts(started.trainer.url, [drift!, loss!]);
    const found = await listRuns(pool, { modelName: 'both', limit: 10 });
    return found.some((run) => run.state === 'kept') && found.some((run) => run.guard === 'cool-down') && found;
  };
  // Told again and again, as Alertmanager does, they remain one retraining and one that is held.
  expect(await until('one run to end and the other to be put off', settled)).toHaveLength(2);
  expect(await settled()).toHaveLength(2);
  const { rows } = await pool.query(
    `select count(*)::int as n from training_runs where model_name = 'both' and dataset is not null`,
  );
  expect(rows[0].n).toBe(1);
});

test('refuses while another run of the model waits for outcomes', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'busy');
  await postAlerts(started.trainer.url, [driftAlert('busy', version)]);
  const first = await untilRun(pool, 'busy', ['waiting']);
  await postAlerts(started.trainer.url, [driftAlert('busy', version, { fingerprint: 'busy-second' })]);
  const second = await untilRun(pool, 'busy', ['refused']);
  expect(second.reason).toBe(`training run ${first.trainingRunId} of the same model is waiting`);
});

test('stays on the queue during the cool-down, says when it ends, and begins then if the alert still fires', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'cooling', { cooldownMinutes: 30 });
  await addLabelled(pool, { name: 'cooling', version, rows: smallRows(500, 22) });
  await postAlerts(started.trainer.url, [driftAlert('cooling', version)]);
  const first = await untilRun(pool, 'cooling', ['kept']);
  await postAlerts(started.trainer.url, [driftAlert('cooling', version, { fingerprint: 'cooling-second' })]);
  const second = await until('the second run to be put off', async () => {
    const run = (await listRuns(pool, { modelName: 'cooling', limit: 1 }))[0]!;
    return run.reason.includes('cool-down') ? run : undefined;
  });
  const endsAt = new Date(first.finishedAt!.getTime() + 30 * 60_000).toISOString();
  expect(second.state).toBe('queued');
  expect(second.reason).toContain('cool-down of 30 minutes');
  expect(second.reason).toContain(`the next may begin at ${endsAt}`);
  const { rows } = await pool.query('select run_at as "runAt" from graphile_worker.jobs where key = $1', [
    second.trainingRunId,
  ]);
  expect(rows[0].runAt.toISOString()).toBe(endsAt);

  await addLabelled(pool, { name: 'cooling', version, rows: smallRows(500, 26) });
  await pool.query(`update training_runs set finished_at = now() - interval '1 hour' where training_run_id = $1`, [
    first.trainingRunId,
  ]);
  await pool.query(
    'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())',
    [second.trainingRunId],
  );
  await untilRun(pool, 'cooling', ['kept']);
});

test('a setting takes the place of the cool-down of the manifest; a resolved alert cancels what waits for its end', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'impatient', { cooldownMinutes: 30 });
  await addLabelled(pool, { name: 'impatient', version, rows: smallRows(500, 22) });
  await postAlerts(started.trainer.url, [driftAlert('impatient', version)]);
  await untilRun(pool, 'impatient', ['kept']);
  const second = driftAlert('impatient', version, { fingerprint: 'impatient-second' });
  await postAlerts(started.trainer.url, [second]);
  await until('the second run to be put off', async () =>
    (await listRuns(pool, { modelName: 'impatient', limit: 1 }))[0]!.reason.includes('cool-down'),
  );
  await postAlerts(started.trainer.url, [{ ...second, status: 'resolved' }]);
  await untilRun(pool, 'impatient', ['cancelled']);

  await started.restart({ TRAINER_COOLDOWN_MINUTES: 0 });
  await addLabelled(pool, { name: 'impatient', version, rows: smallRows(500, 27) });
  await postAlerts(started.trainer.url, [driftAlert('impatient', version, { fingerprint: 'impatient-third' })]);
  await untilRun(pool, 'impatient', ['kept']);
});

test('waits for outcomes, says how many there are, and goes on when they have come', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'late');
  await addLabelled(pool, { name: 'late', version, rows: turnedRows(150, 23) });
  await postAlerts(started.trainer.url, [driftAlert('late', version)]);
  expect((await untilRun(pool, 'late', ['waiting'])).reason).toBe('150 of 400 labelled rows');
  await addLabelled(pool, { name: 'late', version, rows: turnedRows(350, 24) });
  await untilRun(pool, 'late', ['promoted']);
});

test('gives up waiting when its patience ends', async () => {
  const { pool } = started.database;
  await started.restart({ TRAINER_OUTCOME_PATIENCE_MINUTES: 0.01 });
  const version = await addSmallModel(pool, 'never');
  await postAlerts(started.trainer.url, [driftAlert('never', version)]);
  const run = await untilRun(pool, 'never', ['refused']);
  expect(run.reason).toBe('gave up after 0.01 minutes with 0 of 400 labelled rows');
  await started.restart({});
});

test('waits while the newest window looks like broken data, and says what it looks like', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'broken');
  await addLabelled(pool, { name: 'broken', version, rows: turnedRows(500, 23) });
  const cause = { kind: 'broken-data', summary: 'looks like broken data. size: 40 % missing', subjects: [] };
  const window = `insert into drift_windows (model_name, model_version, window_start, window_end, row_count, verdict, decided_at, cause)
    values ($1, $2, $3, $3::timestamptz + interval '1 minute', 500, $4, now(), $5)`;
  await pool.query(window, ['broken', version, '2026-01-01T10:00Z', 'drift', cause]);
  await pool.query(window, ['broken', version, '2026-01-01T10:01Z', 'insufficient-data', null]);
  await postAlerts(started.trainer.url, [driftAlert('broken', version)]);
  const run = await until('the run to be put off', async () => {
    const found = (await listRuns(pool, { modelName: 'broken', limit: 1 }))[0];
    return found?.reason.includes('broken data') ? found : undefined;
  });
  expect(run.state).toBe('queued');
  expect(run.reason).toContain(
    'ended at 2026-01-01T10:01:00.000Z looks like broken data. size: 40 % missing; mend the',
  );

  await pool.query(window, ['broken', version, '2026-01-01T10:02Z', 'drift', { ...cause, kind: 'population' }]);
  await pool.query(
    'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())',
    [run.trainingRunId],
  );
  await untilRun(pool, 'broken', ['promoted', 'kept']);
});

/** The newest run of a model, once its reason says so. */
async function untilHeld(name: string, words: string) {
  return until(`the run of ${name} to be held: ${words}`, async () => {
    const run = (await listRuns(started.database.pool, { modelName: name, limit: 1 }))[0]!;
    if (run?.reason.includes(words)) return run;
    throw new Error(run?.reason);
  });
}

async function refusals(guard: string): Promise<number> {
  const text = await (await fetch(`${started.trainer.url}/metrics`)).text();
  return Number(new RegExp(`training_refusals_total\\{guard="${guard}"\\} (\\d+)`).exec(text)![1]);
}

async function lookAgain(trainingRunId: string): Promise<void> {
  await started.database.pool.query(
    'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())',
    [trainingRunId],
  );
}

test('a model that is paused is not retrained until it is resumed; who paused it and why is said', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'paused');
  await addLabelled(pool, { name: 'paused', version, rows: turnedRows(500, 31) });
  const before = await refusals('paused');
  await withTransaction(pool, (client) => pauseModel(client, 'paused', { by: 'alice', reason: 'audit week' }));
  await postAlerts(started.trainer.url, [driftAlert('paused', version)]);
  const run = await untilHeld('paused', 'by alice: audit week');
  expect(run).toMatchObject({ state: 'queued', guard: 'paused' });
  expect(await refusals('paused')).toBe(before + 1);
  await lookAgain(run.trainingRunId);
  await until('it to be looked at', async () => (await loadRun(pool, run.trainingRunId))!.updatedAt > run.updatedAt);
  await withTransaction(pool, (client) => resumeModel(client, 'paused', { by: 'bob', reason: 'over' }));
  await lookAgain(run.trainingRunId);
  await untilRun(pool, 'paused', ['promoted']);
  // Held twice by the same guard, it counts once.
  expect(await refusals('paused')).toBe(before + 1);
  const { rows } = await pool.query(`select action from audit where model_name = 'paused' order by sequence`);
  expect(rows.map((row) => row.action)).toEqual([
    'version.registered',
    'champion.registration',
    'model.paused',
    'alert.received',
    'run.queued',
    'model.resumed',
    'run.training',
    'dataset.built',
    'run.comparing',
    'version.registered',
    'champion.promotion',
    'run.promoted',
  ]);
  expect((await verifyAudit(pool)).problems).toEqual([]);
});

test('trains no more often in a day than the manifest allows', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'costly', { maximumRunsPerDay: 2, cooldownMinutes: 0 });
  const begun = [20, 5].map((hours) => new Date(Date.now() - hours * 3_600_000));
  for (const [i, at] of begun.entries()) {
    await pool.query(
      `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, state, reason, alert, dataset_digest, started_at, finished_at)
       values (gen_random_uuid(), $1, $2, 'x', 'costly', 'failed', 'x', '{}', 'x', $2, $2)`,
      [`costly-${i}`, at],
    );
  }
  await postAlerts(started.trainer.url, [driftAlert('costly', version)]);
  const run = await untilHeld('costly', 'retraining.maximumRunsPerDay is 2');
  expect(run).toMatchObject({ state: 'queued', guard: 'budget' });
  expect(run.reason).toContain(new Date(begun[0]!.getTime() + 86_400_000).toISOString());
});

test('a run that is held for broken data is let pass by a person, and learns from those rows then', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'overridden');
  const from = await addLabelled(pool, { name: 'overridden', version, rows: turnedRows(500, 32) });
  await pool.query(
    `insert into drift_windows (model_name, model_version, window_start, window_end, row_count, verdict, decided_at, cause)
     values ('overridden', $1, $2, now(), 500, 'ok', now(), '{"kind": "broken-data", "summary": "looks like broken data"}')`,
    [version, from],
  );
  await postAlerts(started.trainer.url, [driftAlert('overridden', version)]);
  const run = await untilHeld('overridden', 'plumbline runs override');
  expect(run.guard).toBe('broken-data');
  const override = { by: 'alice', reason: 'the unit is meant to change', at: new Date().toISOString() };
  await pool.query('update training_runs set override = $2 where training_run_id = $1', [run.trainingRunId, override]);
  await lookAgain(run.trainingRunId);
  expect(await untilRun(pool, 'overridden', ['promoted'])).toMatchObject({ override });
});

test('rows of a window that looked like broken data are not learned from when it is over', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'mended');
  const from = await addLabelled(pool, { name: 'mended', version, rows: turnedRows(300, 33) });
  const window = `insert into drift_windows (model_name, model_version, window_start, window_end, row_count, verdict, decided_at, cause)
    values ('mended', $1, $2, $3, 300, 'ok', now(), $4)`;
  const middle = new Date(from.getTime() + 150_000);
  const cause = { kind: 'broken-data', summary: 'looks like broken data', subjects: [] };
  await pool.query(window, [version, from, middle, cause]);
  await pool.query(window, [version, middle, new Date(), null]);
  await postAlerts(started.trainer.url, [driftAlert('mended', version)]);
  expect((await untilRun(pool, 'mended', ['waiting'])).reason).toBe('150 of 400 labelled rows');
});

test('a notification that is repeated long after a run that kept the champion begins another, once there are new outcomes', async () => {
  const { pool } = started.database;
  const version = await addSmallModel(pool, 'again', { cooldownMinutes: 30 });
  await addLabelled(pool, { name: 'again', version, rows: smallRows(500, 34) });
  const alert = driftAlert('again', version);
  const post = async () => {
    const { runs } = (await (await postAlerts(started.trainer.url, [alert])).json()) as {
      runs: { created: boolean }[];
    };
    return runs[0]!.created;
  };
  expect(await post()).toBe(true);
  const first = await untilRun(pool, 'again', ['kept']);
  expect(await post()).toBe(false);
  await pool.query(`update training_runs set finished_at = now() - interval '1 hour' where training_run_id = $1`, [
    first.trainingRunId,
  ]);
  // The cool-down is over, but nothing is new.
  expect(await post()).toBe(false);
  await addLabelled(pool, { name: 'again', version, rows: turnedRows(400, 35) });
  expect(await Promise.all([post(), post(), post()])).toContain(true);
  const second = await untilRun(pool, 'again', ['promoted', 'kept']);
  expect(second).toMatchObject({ attempt: 2, fingerprint: first.fingerprint, startsAt: first.startsAt });
  expect(await listRuns(pool, { modelName: 'again', limit: 9 })).toHaveLength(2);
});
