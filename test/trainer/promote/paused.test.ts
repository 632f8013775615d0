import { expect, test } from 'vitest';
import { withTransaction } from '../../../core/postgres/pool.js';
import { resumeModel } from '../../../core/registry/pause.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { listRuns } from '../../../trainer/jobs/runs.js';
import { until } from '../../helpers/until.js';
import { addLabelled, addSmallModel, driftAlert, postAlerts, turnedRows, untilRun, useTrainer } from '../harness.js';

const started = useTrainer();

/** For a training on a busy machine. */
const DEADLINE_MS = 50_000;
const rollout = { shadowRows: 100, canaryShare: 0.1, canaryRows: 100 };

test.each([
  ['promoted', 'halted', {}],
  ['rolling-out', 'halted-before-rollout', { rollout }],
] as const)(
  'a run that would be %s when its model is paused waits with its challenger, and is so when the model is resumed',
  async (state, name, retraining) => {
    const { pool } = started.database;
    const version = await addSmallModel(pool, name, retraining);
    await addLabelled(pool, { name, version, rows: turnedRows(500, 32) });
    // Paused in the middle of the run, as soon as its challenger is compared.
    await pool.query(
      `create or replace function pause_model() returns trigger language plpgsql as $$ begin
       update models set paused = '{"by": "alice", "reason": "enough", "at": "2026-03-01T10:00:00Z"}' where model_name = new.model_name;
       return null;
     end $$;
     create or replace trigger pause_model after update of state on training_runs for each row
       when (new.state = 'comparing') execute function pause_model()`,
    );
    await postAlerts(started.trainer.url, [driftAlert(name, version)]);
    const held = await untilHeld(name);
    expect(held).toMatchObject({ state: 'queued', guard: 'paused', candidateVersion: version + 1 });
    expect(held.reason).toContain('by alice: enough');
    expect((await loadChampion(pool, name))!.modelVersion).toBe(version);

    await withTransaction(pool, (client) => resumeModel(client, name, { by: 'bob', reason: 'over' }));
    await pool.query(
      'select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), now())',
      [held.trainingRunId],
    );
    await untilRun(pool, name, [state], DEADLINE_MS);
    const { rows } = await pool.query(
      `select count(*) as n from audit where model_name = $1 and action = 'dataset.built'`,
      [name],
    );
    expect(rows[0].n).toBe(1);
  },
  2 * DEADLINE_MS,
);

/** The newest run of a model, once it is held or has ended. */
async function untilHeld(name: string) {
  return until(
    `the run of ${name} to be held`,
    async () => {
      const run = (await listRuns(started.database.pool, { modelName: name, limit: 1 }))[0]!;
      return run.guard !== null || run.finishedAt ? run : undefined;
    },
    DEADLINE_MS,
  );
}
