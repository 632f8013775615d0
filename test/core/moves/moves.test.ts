import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendAudit } from '../../../core/audit/append.js';
import { listModelAudit, listRunAudit } from '../../../core/audit/list.js';
import { verifyAudit } from '../../../core/audit/verify.js';
import { carryOut, PlanChangedError } from '../../../core/moves/carry-out.js';
import { planApproval, planTurningDown } from '../../../core/moves/decide-run.js';
import { planPause, planResume } from '../../../core/moves/pause.js';
import { type PlanMove, planDigest } from '../../../core/moves/plan.js';
import { planPromotion, planRollback } from '../../../core/moves/promote.js';
import { planRebaseline } from '../../../core/moves/rebaseline.js';
import { planStage, planWithdrawal } from '../../../core/moves/rollout.js';
import { describeRun } from '../../../core/moves/what-happened.js';
import { withTransaction } from '../../../core/postgres/pool.js';
import { lockModel } from '../../../core/registry/lock-model.js';
import { RefusedError } from '../../../core/registry/refused-error.js';
import { loadChampion, promoteVersion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { addCandidate, addTraining } from '../../monitor/console/training-fixture.js';
import { addChampion, testManifest } from '../../monitor/fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const alice = { by: 'alice', reason: 'it is better' };

/** A model with a champion, version 1, and a candidate, version 2. */
async function addTwo(name: string): Promise<void> {
  await addChampion(database.pool, testManifest(name));
  await addCandidate(database.pool, name);
}

/** Makes a move as it was just shown. */
async function make(plan: PlanMove) {
  return carryOut(database.pool, plan, planDigest(await plan(database.pool)), alice);
}

const championOf = async (name: string) => (await loadChampion(database.pool, name))?.modelVersion;

test('a promotion says what it changes, is made, and is the last entry of the trail; a rollback undoes it', async () => {
  await addTwo('wine');
  const promote: PlanMove = (db) => planPromotion(db, 'wine', 2);
  expect((await promote(database.pool)).changes).toEqual([
    'version 2 becomes the champion of wine in place of version 1: requests are answered by it from now on',
    'version 1 is retired, and stays for a rollback',
  ]);
  const { done, sequence } = await make(promote);
  expect([done, await championOf('wine')]).toEqual(['wine version 2 is the champion', 2]);
  expect((await listModelAudit(database.pool, 'wine', 1))[0]).toMatchObject({
    sequence,
    actor: 'alice',
    action: 'champion.promotion',
    details: { reason: 'it is better' },
  });
  expect((await promote(database.pool)).changes).toEqual([]);
  await make((db) => planRollback(db, 'wine'));
  expect(await championOf('wine')).toBe(1);
});

test('nothing is changed when things are no longer as they were shown', async () => {
  await addTwo('moved');
  const rollback: PlanMove = (db) => planRollback(db, 'moved');
  await make((db) => planPromotion(db, 'moved', 2));
  const shown = planDigest(await rollback(database.pool));
  const third = await addCandidate(database.pool, 'moved');
  await make((db) => planPromotion(db, 'moved', third));
  const error = await carryOut(database.pool, rollback, shown, alice).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(PlanChangedError);
  expect((error as PlanChangedError).plan.changes[0]).toContain(
    'version 2 becomes the champion of moved in place of version 3',
  );
  expect(await championOf('moved')).toBe(third);
});

test('of two people who confirm the same at once one makes the move, and the other is told', async () => {
  await addTwo('twice');
  const promote: PlanMove = (db) => planPromotion(db, 'twice', 2);
  const shown = planDigest(await promote(database.pool));
  const ends = await Promise.allSettled([1, 2].map(() => carryOut(database.pool, promote, shown, alice)));
  expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const { rows } = await database.pool.query(
    `select count(*) as n from promotions where model_name = 'twice' and to_version = 2`,
  );
  expect(rows[0].n).toBe(1);
});

test('a rollout begins, is told in what ends it, and ends', async () => {
  await addTwo('tried');
  const canary = { first: 'canary', modelName: 'tried', version: 2, rows: 300, share: 0.25 } as const;
  expect((await planStage(database.pool, canary)).changes).toEqual([
    'version 2 of tried answers 25 % of the traffic for 300 rows',
    'then it becomes the champion in place of version 1, unless it is found worse',
  ]);
  await make((db) => planStage(db, canary));
  await expect(planStage(database.pool, canary)).rejects.toThrow(RefusedError);
  expect((await planPromotion(database.pool, 'tried', 2)).changes).toContain(
    'its canary stage ends before it has shown what it was to show',
  );
  await make((db) => planWithdrawal(db, 'tried'));
  await expect(planWithdrawal(database.pool, 'tried')).rejects.toThrow('no version of tried is in a shadow or canary');
});

test.each([
  ['share is 0.9, wanted 0 to 0.5', { share: 0.9 }],
  ['rows is 0, wanted a whole number from 1 to 100000', { rows: 0 }],
  ['rows is NaN, wanted a whole number from 1 to 100000', { rows: Number.NaN }],
  ['rows is 1e+300, wanted a whole number from 1 to 100000', { rows: 1e300 }],
  ['a canary needs a share above 0', { share: 0 }],
])('a stage is refused: %s', async (message, changed) => {
  const asked = { first: 'canary', modelName: 'tried', version: 2, rows: 300, share: 0.25, ...changed } as const;
  await expect(planStage(database.pool, asked)).rejects.toThrow(message);
});

test.each([10, 199, 100_001, 1e300, 200.5, Number.NaN])(
  'a new reference of %d rows is refused while it is planned',
  async (rows) => {
    await expect(planRebaseline(database.pool, 'tried', rows)).rejects.toThrow(
      `rows is ${rows}, wanted a whole number from 200 to 100000`,
    );
  },
);

test('a pause is told by whom and why, and ends', async () => {
  await addTwo('calm');
  await make((db) => planPause(db, 'calm'));
  expect(await planPause(database.pool, 'calm')).toMatchObject({
    changes: [],
    done: expect.stringContaining('by alice'),
  });
  expect((await planResume(database.pool, 'calm')).changes[1]).toMatch(/^this ends the pause since .* by alice: it is/);
  await make((db) => planResume(db, 'calm'));
  expect((await planResume(database.pool, 'calm')).changes).toEqual([]);
});

test('a challenger that waits for a person is approved with its run', async () => {
  await addTwo('asked');
  const run = await addTraining(database.pool, 'asked', 2);
  expect((await planApproval(database.pool, run)).changes).toContain(`training run ${run} ends as promoted`);
  await make((db) => planApproval(db, run));
  expect(await championOf('asked')).toBe(2);
  const { rows } = await database.pool.query('select state, reason from training_runs where training_run_id = $1', [
    run,
  ]);
  expect(rows).toEqual([{ state: 'promoted', reason: 'promoted by alice: it is better' }]);
  const entries = await listRunAudit(database.pool, run);
  expect(entries.slice(-2).map(({ action, actor }) => [action, actor])).toEqual([
    ['champion.promotion', 'alice'],
    ['run.promoted', 'alice'],
  ]);
  const again = await planApproval(database.pool, run);
  expect([again.changes, again.done]).toEqual([[], expect.stringMatching(`^run ${run} was approved at .* by alice: `)]);
  await expect(planTurningDown(database.pool, run)).rejects.toThrow(
    `its challenger does not wait for a person: run ${run} was approved at `,
  );
});

test('what the trainer did with a run that had asked is not told as the answer of a person', async () => {
  await addTwo('rolled');
  const run = await addTraining(database.pool, 'rolled', 2);
  const entry = { modelName: 'rolled', modelVersion: 2, trainingRunId: run };
  await withTransaction(database.pool, (client) =>
    appendAudit(client, [
      { ...entry, actor: 'trainer', action: 'run.awaiting-approval', details: { reason: 'a check did not pass' } },
      { ...entry, actor: 'trainer', action: 'run.promoted', details: { reason: 'the canary did well' } },
    ]),
  );
  expect(await describeRun(database.pool, { trainingRunId: run, state: 'promoted' } as never)).toMatch(
    new RegExp(`^run ${run} is promoted since .* by trainer: the canary did well$`),
  );
});

test('a challenger is turned down: its run ends as kept, with who and why', async () => {
  await addTwo('unwanted');
  const run = await addTraining(database.pool, 'unwanted', 2);
  await make((db) => planTurningDown(db, run));
  const { rows } = await database.pool.query('select state, reason from training_runs where training_run_id = $1', [
    run,
  ]);
  expect([rows, await championOf('unwanted')]).toEqual([
    [{ state: 'kept', reason: 'turned down by alice: it is better' }],
    1,
  ]);
  expect((await listRunAudit(database.pool, run)).at(-1)).toMatchObject({
    action: 'run.kept',
    actor: 'alice',
    modelVersion: 2,
  });
});

test('a challenger that was compared with another champion is not approved', async () => {
  await addTwo('late');
  const run = await addTraining(database.pool, 'late', 2);
  await addChampion(database.pool, testManifest('late'));
  await expect(planApproval(database.pool, run)).rejects.toThrow(
    /was compared with version 1; late version 3 is the champion since .*; to promote it all the same, promote version 2 of late/,
  );
});

test.each([
  ['approved', planApproval],
  ['turned-down', planTurningDown],
] as const)('a run that is %s while its challenger is promoted: one waits for the other', async (what, plan) => {
  const name = `${what}-at-once`;
  await addTwo(name);
  const run = await addTraining(database.pool, name, 2);
  const shown = planDigest(await plan(database.pool, run));
  const decided = await withTransaction(database.pool, async (client) => {
    await lockModel(client, name);
    const late = carryOut(database.pool, (db) => plan(db, run), shown, alice).catch((error: unknown) => error);
    await until('the decision waits', async () => {
      const { rowCount } = await database.pool.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rowCount === 1;
    });
    const promotion = { modelName: name, toVersion: 2, expectedChampion: 1, decidedBy: 'bob', reason: 'first' };
    await promoteVersion(client, promotion);
    return { late };
  });
  expect(await decided.late).toMatchObject({
    message: expect.stringMatching(`run ${run} was approved at .* by bob: first; ${name} version 2 is the champion`),
  });
  expect(await championOf(name)).toBe(2);
});

test('the trail of all these moves holds', async () => {
  expect(await verifyAudit(database.pool)).toMatchObject({ problems: [] });
});
