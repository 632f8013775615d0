import { afterAll, beforeAll, expect, test } from 'vitest';
import { getArtefact } from '../../core/registry/artefacts.js';
import { loadChampion, loadVersion } from '../../core/registry/versions.js';
import { createDatabase } from '../helpers/postgres.js';
import { smallRows } from '../helpers/project.js';
import {
  addLabelled,
  addSmallModel,
  driftAlert,
  postAlerts,
  startTestTrainer,
  turnedRows,
  untilRun,
} from './harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let trainer: Awaited<ReturnType<typeof startTestTrainer>>;
beforeAll(async () => {
  database = await createDatabase();
  await database.pool.query(
    `create table seen (id bigint generated always as identity, training_run_id uuid, line text);
     create function note_line() returns trigger language plpgsql as $$ begin
       insert into seen (training_run_id, line) values (new.training_run_id, new.state || ': ' || new.reason);
       return null;
     end $$;
     create trigger note_line after update of state on training_runs for each row execute function note_line()`,
  );
  trainer = await startTestTrainer(database.url);
});
afterAll(async () => {
  await trainer.close();
  await database.drop();
});

test('promotes a challenger that is better on the held-out rows, with everything on record', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'turned');
  await addLabelled(pool, { name: 'turned', version, rows: turnedRows(600, 11) });
  expect((await postAlerts(trainer.url, [driftAlert('turned', version)])).status).toBe(202);
  const run = await untilRun(pool, 'turned', ['promoted', 'kept', 'failed', 'refused']);

  expect(run).toMatchObject({ state: 'promoted', candidateVersion: version + 1 });
  expect(run.reason).toMatch(
    /^challenger's accuracy 0\.\d+ against 0\.\d+: improvement 0\.\d+, 95 % interval 0\.\d+ to 0\.\d+ lies above 0$/,
  );
  const { rows: seen } = await pool.query('select line from seen where training_run_id = $1 order by id', [
    run.trainingRunId,
  ]);
  expect(seen.map(({ line }) => line)).toEqual([
    'training: on 420 recent and 600 reference rows, 180 held out',
    'comparing: on 180 held-out rows',
    `promoted: ${run.reason}`,
  ]);
  const champion = await loadChampion(pool, 'turned');
  expect(champion).toMatchObject({ modelVersion: version + 1, lineage: { trainingRunId: run.trainingRunId, seed: 1 } });
  expect(run.comparison).toMatchObject(champion!.metrics.comparison as object);
  expect(run.comparison).toMatchObject({ decision: 'promote', checks: expect.any(Array) });
  expect((await loadVersion(pool, 'turned', version))!.state).toBe('retired');
  expect(run.dataset).toMatchObject({
    heldOutRows: 180,
    referenceRows: 600,
    recentTrainingRows: 420,
    recentWeight: (3 * 600) / 420,
  });
  const reference = (await getArtefact(pool, champion!.referenceDigest)).toString();
  expect(reference.trim().split('\n')).toHaveLength(1 + 420);
  expect(champion!.referenceProfile).toMatchObject({ rows: 420, heldOutRows: 180 });
  const { rows: promotions } = await pool.query(`select * from promotions where model_name = 'turned' order by 1 desc`);
  expect(promotions[0]).toMatchObject({
    from_version: version,
    to_version: version + 1,
    decided_by: 'trainer',
    reason: run.reason,
    training_run_id: run.trainingRunId,
  });
});

test('keeps the champion when the challenger is no better, and registers the challenger as a candidate', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'same');
  await addLabelled(pool, { name: 'same', version, rows: smallRows(500, 12) });
  await postAlerts(trainer.url, [driftAlert('same', version)]);
  const run = await untilRun(pool, 'same', ['promoted', 'kept', 'failed', 'refused']);
  expect(run.state).toBe('kept');
  expect(run.reason).toContain('does not lie above 0');
  expect((await loadChampion(pool, 'same'))!.modelVersion).toBe(version);
  expect((await loadVersion(pool, 'same', run.candidateVersion!))!.state).toBe('candidate');
});

test('asks a person where promotion is manual', async () => {
  const { pool } = database;
  const version = await addSmallModel(pool, 'asking', { promotion: 'manual' });
  await addLabelled(pool, { name: 'asking', version, rows: turnedRows(500, 13) });
  await postAlerts(trainer.url, [driftAlert('asking', version)]);
  const run = await untilRun(pool, 'asking', ['promoted', 'kept', 'failed', 'refused', 'awaiting-approval']);
  expect(run.state).toBe('awaiting-approval');
  const { rows } = await pool.query(`select training_run_id as id from training_runs where model_name = 'asking'`);
  const [{ id }] = rows;
  expect(run.reason).toContain(`run plumbline runs approve ${id}; to turn it down, plumbline runs turn-down ${id}`);
  expect((await loadChampion(pool, 'asking'))!.modelVersion).toBe(version);
});
