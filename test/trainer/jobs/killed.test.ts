import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAudit } from '../../../core/audit/verify.js';
import { freePort } from '../../../core/http/free-port.js';
import { compiledPath } from '../../../core/package-path.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { listRuns, OPEN_STATES } from '../../../trainer/jobs/runs.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import {
  addLabelled,
  addSmallModel,
  driftAlert,
  postAlerts,
  startTestTrainer,
  TOKEN,
  turnedRows,
  untilRun,
} from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

async function startProcess(): Promise<{ url: string; child: ChildProcess }> {
  const port = await freePort();
  const child = spawn(process.execPath, [compiledPath('trainer/main.js')], {
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: database.url,
      TRAINER_PORT: String(port),
      TRAINER_WEBHOOK_TOKEN: TOKEN,
    },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the trainer to be ready', async () => (await fetch(`${url}/health/ready`)).ok);
  return { url, child };
}

/** Whether a statement of the trainer waits for a lock on a table. */
async function isWaitingFor(table: string): Promise<boolean> {
  const { rows } = await database.pool.query(
    `select 1 from pg_locks l join pg_stat_activity a using (pid)
     where not l.granted and l.relation = $1::regclass and a.application_name = 'plumbline-trainer'
       and a.datname = current_database()`,
    [table],
  );
  return rows.length > 0;
}

// The lock stops the trainer in its tracks at a stage; there it is killed. The training command itself: recovery.test.ts.
test.each([
  ['the dataset is read', 'predictions', 'access exclusive', 1],
  ['the challenger is compared', 'artefacts', 'access exclusive', 1],
  ['the challenger is registered', 'model_versions', 'exclusive', 1],
  ['the champion is moved', 'promotions', 'exclusive', 2],
] as const)(
  'a trainer killed while %s leaves the champion as it was, and another finishes the run',
  { timeout: 60_000 },
  async (_, table, mode, versionsLeft) => {
    const { pool } = database;
    const name = `killed-${table.replace('_', '-')}`;
    const version = await addSmallModel(pool, name);
    await addLabelled(pool, { name, version, rows: turnedRows(450, 71) });
    const { url, child } = await startProcess();
    const exited = once(child, 'exit');
    const blocker = await pool.connect();
    try {
      const begin = async (): Promise<void> => {
        await blocker.query('begin');
        await blocker.query(`lock table ${table} in ${mode} mode`);
      };
      // The reference of the dataset is an artefact too: that lock is taken while the challenger is trained.
      if (table !== 'artefacts') await begin();
      await postAlerts(url, [driftAlert(name, version)]);
      if (table === 'artefacts') {
        await untilRun(pool, name, ['training']);
        await begin();
      }
      await until(`the trainer to wait for ${table}`, () => isWaitingFor(table));
    } finally {
      child.kill('SIGKILL');
      await exited;
      await blocker.query('rollback');
      blocker.release();
    }
    // The transaction that waited for the lock has nobody to commit it.
    await until('the dead trainer’s connections to be gone', async () => {
      const { rows } = await pool.query(
        `select 1 from pg_stat_activity where application_name = 'plumbline-trainer' and datname = current_database()`,
      );
      return rows.length === 0;
    });
    const [run] = await listRuns(pool, { modelName: name, limit: 1 });
    expect(OPEN_STATES).toContain(run!.state);
    expect((await loadChampion(pool, name))!.modelVersion).toBe(version);
    const count = async (what: string): Promise<number> =>
      (await pool.query(`select count(*) as n from ${what} where model_name = $1`, [name])).rows[0].n;
    expect([await count('promotions'), await count('model_versions')]).toEqual([1, versionsLeft]);

    const second = await startTestTrainer(database.url);
    try {
      const ended = await untilRun(pool, name, ['promoted', 'kept', 'failed', 'refused']);
      expect(ended).toMatchObject({
        state: 'promoted',
        trainingRunId: run!.trainingRunId,
        candidateVersion: version + 1,
      });
    } finally {
      await second.close();
    }
    expect([await count('promotions'), await count('model_versions')]).toEqual([2, 2]);
    expect((await loadChampion(pool, name))!.modelVersion).toBe(version + 1);
    expect((await verifyAudit(pool)).problems).toEqual([]);
  },
);
