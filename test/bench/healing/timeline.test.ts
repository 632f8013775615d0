import { expect, test } from 'vitest';
import { listSeenRuns, listTakenJobs, readHealing } from '../../../bench/healing/timeline.js';
import { until } from '../../helpers/until.js';
import { addLabelled, addSmallModel, driftAlert, postAlerts, turnedRows, useTrainer } from '../../trainer/harness.js';

const use = useTrainer();

test('tells the steps of a promoted run in order, with its rows and trials', async () => {
  const { pool } = use.database;
  const version = await addSmallModel(pool, 'timed', {}, { trials: 2, folds: 2 });
  await addLabelled(pool, { name: 'timed', version, rows: turnedRows(600, 11) });
  const startsAt = new Date().toISOString();
  await postAlerts(use.trainer.url, [driftAlert('timed', version, { startsAt })]);
  const { id, taken } = await until('the job to be taken', async () => (await listTakenJobs(pool))[0]);
  const [run] = await until('the run to end', async () => {
    const runs = await listSeenRuns(pool, 'timed');
    return ['promoted', 'kept', 'failed'].includes(runs[0]!.state) && runs;
  });
  expect(run).toMatchObject({ id, state: 'promoted' });

  const healing = await readHealing(pool, id, taken);
  expect(healing).toMatchObject({ alertName: 'ModelDataDrift', candidateVersion: version + 1, waited: false });
  expect(healing).toMatchObject({ recentRows: 420, referenceRows: 600, heldOutRows: 180 });
  const { complete, pruned, seconds } = healing.trials;
  expect(complete + pruned).toBe(2);
  expect(seconds).toBeGreaterThan(0);
  const { alert, received, trainingBegan, trainingEnded, compared, promoted } = healing.timeline;
  expect(alert.toISOString()).toBe(startsAt);
  const steps = [alert, received, trainingBegan, trainingEnded, compared, promoted].map(Number);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
  expect(taken.getTime()).toBeGreaterThan(alert.getTime());
  expect(taken.getTime()).toBeLessThan(trainingBegan.getTime());
});

test('says which run has no experiment that came to an end', async () => {
  const id = '01900000-0000-7000-8000-000000000000';
  await expect(readHealing(use.database.pool, id, new Date())).rejects.toThrow(`training run ${id} has no experiment`);
});
