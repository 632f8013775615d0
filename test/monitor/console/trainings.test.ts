import { afterAll, beforeAll, expect, test } from 'vitest';
import { listExperiments } from '../../../core/registry/experiments.js';
import { trainingListPage } from '../../../monitor/console/run/list-page.js';
import { trainingPage } from '../../../monitor/console/run/page.js';
import { loadTraining } from '../../../monitor/console/run/stored.js';
import { storyOf } from '../../../monitor/console/run/story.js';
import { listShownRuns } from '../../../monitor/console/runs.js';
import { html } from '../../../monitor/html/html.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, testManifest } from '../fixture.js';
import { HOSTILE, NOW } from './fixture.js';
import { addCandidate, addExperiment, addHeldRun, addTraining } from './training-fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let run: string;

beforeAll(async () => {
  database = await createDatabase();
  await addChampion(database.pool, testManifest('wine'));
  run = await addTraining(database.pool, 'wine', await addCandidate(database.pool, 'wine'));
});
afterAll(() => database.drop());

const textOf = (main: Parameters<typeof html>[1]): string =>
  html`${main}`.text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const pageOf = async (id: string, moves = true) => {
  const page = trainingPage((await loadTraining(database.pool, id))!, { now: NOW, moves });
  return { markup: html`${page.main}`.text, text: textOf(page.main) };
};
const storyFrom = async (id: string) => {
  const detail = (await loadTraining(database.pool, id))!;
  return storyOf({ ...detail, run: detail.run! });
};

test('a retraining tells its story from the alert to where it is', async () => {
  expect((await storyFrom(run)).map(({ title, state, words }) => [title, state, textOf(words)])).toEqual([
    ['Alert', 'done', expect.stringContaining('FeatureDrift alcohol has moved')],
    ['Guards', 'done', 'Passed, after it was held by cool-down.'],
    ['Dataset', 'done', '933 recent labelled rows and 2,000 of the reference to learn from; the newest 400 held out.'],
    ['Training', 'done', expect.stringMatching(/^Took 1 minute; the best of 24 trials is \w+ with log loss 0\.\d+\.$/)],
    ['Comparison', 'done', 'Version 2: accuracy 0.861 against 0.712 of the champion, on the same 400 held-out rows.'],
    ['Decision', 'done', expect.stringContaining('Ask a person. accuracy 0.861 against 0.712')],
    ['Result', 'now', 'Version 2 waits for a person.'],
  ]);
});

test('a run that a guard holds tells so, and what it has not reached', async () => {
  const held = await addHeldRun(database.pool, 'wine', 'broken-data');
  const story = await storyFrom(held);
  expect(story.map(({ state }) => state)).toEqual(['done', 'now', 'open', 'open', 'open', 'open', 'open']);
  expect(textOf(story[1]!.words)).toContain('Held by broken-data : the guard says no');
  expect((await pageOf(held)).markup).toContain(`moves/override?run=${held}`);
});

test('a dataset without the rows of the reference says why', async () => {
  const id = await addTraining(database.pool, 'wine', 2);
  await database.pool.query(
    `update training_runs set dataset = dataset || '{"referenceRows": 0, "referenceLeftOut": true}' where training_run_id = $1`,
    [id],
  );
  expect(textOf((await storyFrom(id))[2]!.words)).toContain(
    'none of the reference: one constant answer does better by now than the champion',
  );
});

test.each([
  ['busy', 'set-aside'],
  ['other-version', 'set-aside'],
  ['too-few-labels', 'refused'],
])('a refusal by %s is styled as %s wherever it is shown', async (guard, style) => {
  const id = await addHeldRun(database.pool, 'wine', guard);
  await database.pool.query(`update training_runs set state = 'refused' where training_run_id = $1`, [id]);
  expect((await pageOf(id)).markup).toContain(`class="run-state ${style}">refused`);
  const runs = (await listShownRuns(database.pool, { modelName: 'wine', limit: 50 })).filter(
    (one) => one.trainingRunId === id,
  );
  const list = html`${trainingListPage({ modelName: 'wine', runs, byHand: [] }, NOW).main}`.text;
  expect(list).toContain(`class="run-state ${style}">refused`);
});

test.each([
  ['promoted', 'done', 'Version 2 became the champion.'],
  ['kept', 'done', 'The champion stays.'],
  ['failed', 'stopped', 'failed:'],
  ['rolling-out', 'now', 'Version 2 is on its way'],
])('the result of a run that is %s', async (state, step, words) => {
  const id = await addTraining(database.pool, 'wine', 2);
  await database.pool.query('update training_runs set state = $2 where training_run_id = $1', [id, state]);
  const result = (await storyFrom(id)).at(-1)!;
  expect([result.state, textOf(result.words)]).toEqual([step, expect.stringContaining(words)]);
});

test('the page has every check with its verdict, segments, measures, trials, digest, code version, log and trail', async () => {
  const { text, markup } = await pageOf(run);
  expect(text).toContain('accuracy ✓ passed improvement 0.149, 95 % interval 0.09 to 0.21');
  expect(text).toContain('segments ✓ passed none of 2 segments');
  expect(text).toContain('calibration ◆ not passed: a person is asked expected calibration error 0.102');
  expect(text).toContain('size ◆ not passed: champion kept');
  expect(text).toContain('colour=red 120 0.7 0.69 −0.01 −0.05 to 0.03');
  expect(text).toContain('Expected calibration error 0.031 0.102');
  expect(text).toContain('Time of a row, in batches 3.2 µs 8.9 µs');
  expect(text).toContain('Size of the file 41.2 kB 268 kB');
  expect(text).toContain('81 % of the held-out rows alike');
  expect(text).toContain(`sha256:${'5a'.repeat(32)}`);
  expect(text).toContain('1.2.3+abc');
  expect(text).toContain('Model card # Card');
  expect(text).toContain('round 1');
  expect(text).toContain('alert received');
  expect(markup).not.toContain(HOSTILE.markup);
});

test('trials stand the best first, those that failed last with the reason, and are drawn', async () => {
  const { markup } = await pageOf(run);
  const rows = [
    ...markup.matchAll(/<tr><th scope="row" class="">#(\d+)<\/th><td class="number" data-head="log loss">([^<]*)</g),
  ];
  expect(rows).toHaveLength(24);
  const complete = rows.slice(0, 18).map((row) => Number(row[2]));
  expect(complete).toEqual([...complete].sort((a, b) => a - b));
  expect(rows.at(-1)![1]).toBe('23');
  expect(markup.match(/class="trial complete"/g)).toHaveLength(18);
  expect(markup).toContain('class="best-line" d="M');
});

test('who may decide is offered to, and where the console only shows, to nobody', async () => {
  expect((await pageOf(run)).markup).toContain(`/models/wine/moves/approve?run=${run}`);
  expect((await pageOf(run)).markup).toContain(`/models/wine/moves/turn-down?run=${run}`);
  expect((await pageOf(run, false)).markup).not.toContain('/moves/');
});

test('a training by hand has a page too, and no story', async () => {
  const times = { startedAt: new Date(NOW.getTime() - 90_000), finishedAt: NOW };
  const id = await addExperiment(database.pool, { modelName: 'wine', trainingRunId: null, ...times });
  const { text } = await pageOf(id);
  expect(text).toContain('Training of wine by hand complete 1 minute ago , took 1 minute');
  expect(text).not.toContain('What happened');
});

test('the list says what began each, what came of it and how the candidate did', async () => {
  const runs = await listShownRuns(database.pool, { modelName: 'wine', limit: 50 });
  const byHand = await listExperiments(database.pool, { trainingRunId: null, limit: 50 });
  const text = textOf(trainingListPage({ modelName: 'wine', runs, byHand }, NOW).main);
  expect(text).toMatch(
    /awaiting approval wine version 1 → 2 FeatureDrift, 5 minutes ago , took 1 minute accuracy 0\.861/,
  );
  expect(text).toMatch(/0\.861 accuracy, champion 0\.712/);
  expect(text).toMatch(/queued wine FeatureDrift, 0 seconds ago the guard says no/);
  expect(text).toMatch(/Trained by hand complete wine python .* 0\.86 accuracy/s);
  expect(await listShownRuns(database.pool, { modelName: 'nobody', limit: 50 })).toEqual([]);
});

test('no training of an id nobody knows', async () => {
  expect(await loadTraining(database.pool, '018f0000-0000-7000-8000-000000000001')).toBeUndefined();
});
