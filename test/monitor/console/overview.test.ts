import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Queryable } from '../../../core/postgres/pool.js';
import { nextStep } from '../../../monitor/console/overview/next-step.js';
import { answer, overviewPage } from '../../../monitor/console/overview/page.js';
import { loadModelStates, type ModelState, tellingRun } from '../../../monitor/console/overview/state.js';
import { html } from '../../../monitor/html/html.js';
import type { Verdict } from '../../../monitor/verdicts/verdict.js';
import { createDatabase } from '../../helpers/postgres.js';
import { ADDING_MODELS_MS, addModels, NOW } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let all: ModelState[];
let states: Record<string, ModelState>;

beforeAll(async () => {
  database = await createDatabase();
  await addModels(database.pool);
  all = await loadModelStates(database.pool, { now: NOW });
  states = Object.fromEntries(all.map((state) => [state.modelName, state]));
}, ADDING_MODELS_MS);
afterAll(() => database.drop());

const text = (state: ModelState): string =>
  html`${overviewPage([state], NOW).main}`.text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('says what the verdict is, since when and why, and what is known besides', () => {
  const { verdict, since, alerts, run, traffic } = states.drifted!;
  expect([verdict, since?.toISOString()]).toEqual(['drift', '2026-01-15T12:05:00.000Z']);
  expect(alerts.map((alert) => alert.alertName)).toEqual(['FeatureDrift']);
  expect(run?.state).toBe('kept');
  expect(traffic.steps.reduce((sum, step) => sum + (step.rows[0]?.row_count ?? 0), 0)).toBe(2_100);
  const shown = text(states.drifted!);
  expect(shown).toContain('Drifted for 5 minutes alcohol: PSI');
  expect(shown).toContain('2,100 rows');
  expect(shown).toContain('kept 0 seconds ago : accuracy 0.82 against 0.81');
});

test('what moved most is what is furthest beyond its null band, as in the reports', async () => {
  const client = await database.pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `update verdicts set verdict = 'drift', psi = new.psi, psi_null_band = new.band
       from (values ('alcohol', 0.9::float8, 0.5::float8), ('sugar', 0.8, 0.1)) as new (name, psi, band)
       where model_name = 'drifted' and kind = 'feature' and subject = new.name`,
    );
    const [drifted] = await loadModelStates(client, { now: NOW, modelName: 'drifted' });
    expect(drifted!.moved.map(({ subject }) => subject).slice(0, 2)).toEqual(['sugar', 'alcohol']);
  } finally {
    await client.query('rollback');
    client.release();
  }
});

const withRun = (state: string): ModelState => ({ ...states.drifted!, run: { ...states.drifted!.run!, state } });

test('what to do follows from what is known', () => {
  expect(nextStep(states.calm!)).toEqual({ text: 'Nothing to do.' });
  expect(nextStep(states['no-rows']!)).toMatchObject({ command: 'POST /v1/models/no-rows/predict' });
  expect(nextStep(states['no-champion']!)).toMatchObject({ command: 'npx plumbline model promote no-champion 1' });
  expect(nextStep(states.broken!)).toMatchObject({
    text: expect.stringMatching(
      /^Look at the source of sugar first: .*33 % .*missing.*retraining waits until a window looks sound/s,
    ),
  });
  const held = { ...states.broken!, run: { ...states.drifted!.run!, state: 'queued' } };
  expect(nextStep(held).command).toBe(`npx plumbline runs override ${held.run.trainingRunId} --reason "…"`);
  expect(nextStep(states.drifted!)).toEqual({
    text: 'A challenger was trained, and the champion stays: does not lie above 0',
  });
  expect(nextStep(withRun('training')).text).toContain('under way');
  expect(nextStep(withRun('awaiting-approval')).command).toBe(
    `npx plumbline runs approve ${states.drifted!.run!.trainingRunId} --reason "…"`,
  );
  expect(nextStep(withRun('failed')).text).toContain('ended as failed');
  expect(nextStep({ ...states.drifted!, run: undefined })).toMatchObject({ command: 'npx plumbline runs list' });
  const before = { ...states.drifted!.run!, createdAt: new Date(0) };
  expect(nextStep({ ...states.drifted!, run: before })).toMatchObject({ command: 'npx plumbline runs list' });
});

test('a retraining that a guard holds is told with its reason and the way past it', () => {
  const held = (guard: string | null): ModelState => {
    const run = { ...states.drifted!.run!, state: 'queued', guard, reason: 'the reason' };
    return { ...states.drifted!, run };
  };
  const override = `npx plumbline runs override ${states.drifted!.run!.trainingRunId} --reason "…"`;
  const text = 'The retraining is held: the reason';
  expect(nextStep(held('paused'))).toEqual({ text, command: 'npx plumbline model resume drifted' });
  expect(nextStep(held('cool-down'))).toEqual({ text, command: override });
  expect(nextStep(held('budget'))).toEqual({ text, command: override });
  expect(nextStep(held(null)).text).toContain('under way');
  // No override passes a pause, whatever the data looks like.
  expect(nextStep({ ...states.broken!, run: held('paused').run })).not.toHaveProperty('command');
});

const judged = (...verdicts: Verdict[]): ModelState[] =>
  verdicts.map((verdict, i) => ({ ...states.calm!, modelName: `m${i}`, verdict }));

test('answers for all models in a sentence', () => {
  expect(answer([])).toBe('No model yet');
  expect(answer(judged('ok'))).toBe('The model is all right');
  expect(answer(judged('ok', 'ok'))).toBe('All 2 models are all right');
  expect(answer(judged('ok', 'drift', 'warning'))).toBe('m1 has drifted');
  expect(answer(judged('drift', 'drift'))).toBe('m0 and m1 have drifted');
  expect(answer(judged('ok', 'warning'))).toBe('m1 is worth watching');
  expect(answer(judged('insufficient-data'))).toBe('Not enough data to tell yet');
  expect(answer(judged('ok', 'insufficient-data'))).toBe('1 of 2 models are all right; too few rows of the others');
});

test('what is not all right stands first, and no model is an answer too', () => {
  const page = html`${overviewPage(all, NOW).main}`.text;
  const order = [...page.matchAll(/class="model-link" href="\/models\/([\w-]+)"/g)].map((match) => match[1]);
  expect(order).toEqual(all.map((state) => state.modelName));
  const verdicts = all.map((state) => state.verdict);
  expect([...new Set(verdicts)]).toEqual(['drift', 'insufficient-data', 'ok']);
  expect(html`${overviewPage([], NOW).main}`.text).toContain('npx plumbline model add my-model');
});

test('of several runs the one in which something was done since the alert', () => {
  const { alerts, run } = states.drifted!;
  const kept = run!;
  const begun = alerts[0]!.startsAt.getTime();
  const at = (state: string, seconds: number) => ({ ...kept, state, createdAt: new Date(begun + seconds * 1_000) });
  const [queued, refused, old] = [at('queued', 9), at('refused', 8), at('promoted', -60)];
  expect(tellingRun([queued, at('kept', 7), old], alerts)?.state).toBe('kept');
  expect(tellingRun([queued, refused, old], alerts)).toBe(queued);
  expect(tellingRun([old], alerts)).toBe(old);
  expect(tellingRun([refused, old], [])).toBe(old);
  expect(tellingRun([], alerts)).toBeUndefined();
});

test('without alerts of the monitor, a retraining since the drift began is the one that counts', () => {
  const { run, since } = states.drifted!;
  const silent = { ...states.drifted!, alerts: [] };
  expect(nextStep({ ...silent, run: { ...run!, state: 'training', createdAt: NOW } }).text).toContain('under way');
  const before = new Date(since!.getTime() - 1);
  expect(nextStep({ ...silent, run: { ...run!, state: 'training', createdAt: before } }).text).toContain(
    'No retraining has begun',
  );
});

test('a loss of performance is not all right, whatever the inputs do', async () => {
  const { pool } = database;
  const judge = (minute: number, verdict: string) =>
    pool.query(
      `update performance_windows set verdict = $1 where model_name = 'calm' and window_name = 'default' and segment = ''
         and window_start = (select window_start from performance_windows where model_name = 'calm'
           and window_name = 'default' and segment = '' order by window_start offset $2 limit 1)`,
      [verdict, minute],
    );
  const load = async () => (await loadModelStates(pool, { now: NOW, modelName: 'calm' }))[0]!;
  await judge(1, 'warning');
  expect((await load()).fallenSince).toBeUndefined();
  await judge(2, 'drop');
  const fallen = await load();
  expect(fallen).toMatchObject({ verdict: 'ok', fallenSince: new Date('2026-01-15T12:01:00Z') });
  const shown = text(fallen);
  expect(shown).toContain('calm does worse than at registration');
  expect(shown).toMatch(
    /Performance fell for .* By outcomes it does worse than at registration by more than model.yaml/,
  );
  expect(shown).toContain('features and aspects of the predictions are as in the reference');
  expect(shown).toContain('No retraining has begun yet. An alert may take a minute to reach the trainer');
  // A run from between the window and its outcomes is no answer to what they say.
  const knownAt = fallen.fallKnownAt!;
  expect(knownAt.getTime()).toBeGreaterThan(fallen.fallenSince!.getTime());
  const earlier = { ...states.drifted!.run!, state: 'kept', createdAt: new Date(knownAt.getTime() - 1) };
  expect(nextStep({ ...fallen, run: earlier }).text).toContain('No retraining has begun');
  const run = { ...states.drifted!.run!, state: 'waiting', createdAt: knownAt };
  expect(nextStep({ ...fallen, run }).text).toContain('A retraining is under way');
  const drifted = { ...states.drifted!, fallenSince: fallen.fallenSince };
  expect(answer([drifted, fallen])).toBe('drifted has drifted; calm does worse than at registration');
  expect(text(drifted)).toContain('Drifted, and performance fell for 5 minutes');
  // Broken data is mended first.
  expect(nextStep({ ...states.broken!, fallenSince: NOW })).toEqual(nextStep(states.broken!));
  await judge(1, 'insufficient-data');
  await judge(2, 'ok');
  expect((await load()).fallenSince).toBeUndefined();
});

test('says what a drift looks like', () => {
  expect(text(states.drifted!)).toContain('It looks like a population that moved. Most by alcohol');
  expect(text(states.broken!)).toContain('It looks like broken data: sugar, ');
});

test('asks as often for many models as for few; only pictures cost queries of their own', async () => {
  const counting = (): { db: Queryable; count: () => number } => {
    let queries = 0;
    const query = ((...args: Parameters<Queryable['query']>) => {
      queries++;
      return database.pool.query(...args);
    }) as Queryable['query'];
    return { db: { query } as Queryable, count: () => queries };
  };
  const calm = counting();
  await loadModelStates(calm.db, { now: NOW, modelName: 'calm' });
  const before = counting();
  await loadModelStates(before.db, { now: NOW });
  const pictures = all.filter((state) => state.evidence).length;
  expect(before.count()).toBe(calm.count() + 4 * pictures);
  expect(pictures).toBeLessThanOrEqual(6);
});
