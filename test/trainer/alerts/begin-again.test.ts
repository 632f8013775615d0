import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '../../../core/postgres/pool.js';
import { beginAgain } from '../../../trainer/alerts/begin-again.js';
import { listRuns } from '../../../trainer/jobs/runs.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addLabelled, addSmallModel, driftAlert, turnedRows } from '../harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test.each([
  ['busy', 'live', 1],
  ['busy', 'batch', 0],
  ['too-few-labels', 'live', 1],
  ['other-version', 'live', 0],
])(
  'a run that was refused as %s is, with outcomes of %s rows, followed by %i when its alert is notified again',
  async (guard, source, more) => {
    const { pool } = database;
    const name = `was-${guard}-${source}`;
    const version = await addSmallModel(pool, name, { cooldownMinutes: 30 });
    await addLabelled(pool, { name, version, rows: turnedRows(400, 36) });
    await pool.query('update predictions set source = $2 where model_name = $1', [name, source]);
    const alert = driftAlert(name, version);
    const again = () => withTransaction(pool, (client) => beginAgain(client, [alert], { cooldownMinutes: undefined }));
    await pool.query(
      `insert into training_runs (training_run_id, fingerprint, starts_at, alert_name, model_name, champion_version, state, guard, reason, alert, finished_at)
     values (gen_random_uuid(), $1, $2, 'x', $3, $4, 'refused', $5, 'x', '{}', now())`,
      [alert.fingerprint, alert.startsAt, name, version, guard],
    );
    // Not before the cool-down is over.
    expect(await again()).toEqual([]);
    await pool.query(`update training_runs set finished_at = now() - interval '31 minutes' where model_name = $1`, [
      name,
    ]);
    expect(await again()).toHaveLength(more);
    expect(await listRuns(pool, { modelName: name, limit: 9 })).toHaveLength(1 + more);
  },
);
