import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { modelPage } from '../../../monitor/console/model/page.js';
import { loadModelDetail } from '../../../monitor/console/model/state.js';
import { nextStep } from '../../../monitor/console/overview/next-step.js';
import { overviewPage } from '../../../monitor/console/overview/page.js';
import { loadModelStates, type ModelState, shownVerdict } from '../../../monitor/console/overview/state.js';
import { type Content, html } from '../../../monitor/html/html.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let version: ModelVersion;
const sent: unknown[] = [];

// Nothing but the estimate can tell: answers and scores are not watched, and no outcome comes.
beforeAll(async () => {
  database = await createDatabase();
  const predictions = { class: { methods: [] }, score: { methods: [] } };
  version = await addChampion(database.pool, testManifest('unsure', { predictions }));
});
afterAll(() => database.drop());

const send = async (payload: unknown): Promise<void> => {
  sent.push(payload);
};

/** Adds a minute of 300 rows whose scores are drawn towards one half, and judges it as the monitor does under `npm start`. */
async function addMinute(minute: number, sureness: number): Promise<ModelState> {
  const { pool } = database;
  const { monitor, setTime } = testMonitor(pool, {
    alerting: { send, repeatSeconds: 60, externalUrl: 'http://127.0.0.1' },
  });
  const start = NOON + minute * 60;
  const rows = drawRows(createRandom(40 + minute), 300).map((row) => ({
    ...row,
    score: 0.5 + (row.score - 0.5) * sureness,
  }));
  await storeBatch(pool, version, { at: spread(start, 60, 300), rows });
  setTime(start + 70);
  await runPass(monitor);
  return (await loadModelStates(pool, { now: at(minute), modelName: 'unsure' }))[0]!;
}

/** When a minute has been judged. */
const at = (minute: number): Date => new Date((NOON + minute * 60 + 70) * 1_000);

const text = (content: Content): string => html`${content}`.text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

test('an estimated loss is worth watching, said with its figures, and calls nobody', async () => {
  const calm = await addMinute(0, 1);
  expect([shownVerdict(calm), calm.estimatedLoss]).toEqual(['ok', undefined]);
  await addMinute(1, 0.2);
  const unsure = await addMinute(2, 0.2);
  expect(unsure).toMatchObject({ verdict: 'ok', fallenSince: undefined });
  expect(unsure.estimatedLoss).toMatchObject({ since: new Date((NOON + 60) * 1_000), allowed: 0.1 });
  // Of the reference three in four are answered right; of scores between 0.4 and 0.6, eleven in twenty.
  expect(unsure.estimatedLoss!.value).toBeCloseTo((0.75 - 0.55) / 0.75, 1);
  expect(unsure.estimatedLoss!.atLeast).toBeGreaterThan(0.1);
  const shown = text(overviewPage([unsure], at(2)).main);
  expect(shown).toContain('unsure is worth watching');
  expect(shown).toMatch(
    /Worth watching for 2 minutes It is estimated, not known by outcomes, to do 2\d % worse than at registration, at least [12]\d % by the 95 % interval; 10 % is allowed\. 5 features/,
  );
  expect(shown).not.toMatch(/all right|Nothing to do/i);
  expect(nextStep(unsure)).toEqual({
    text: expect.stringMatching(/^No retraining begins on an estimate\. Send outcomes/),
    command: 'POST /v1/models/unsure/outcomes',
  });
  expect(nextStep({ ...unsure, verdict: 'warning' }).text).toMatch(/Look at which features moved, and send outcomes/);
  expect(sent).toEqual([]);
});

test('the model’s own page says so too', async () => {
  const options = { asked: undefined, period: 'hour', now: at(2), windowRows: undefined } as const;
  const detail = (await loadModelDetail(database.pool, 'unsure', options))!;
  const page = modelPage(detail, { now: at(2), moves: false });
  expect(page.title).toBe('unsure: Watch');
  expect(text(page.main)).toMatch(/△ Watch .*It is estimated, not known by outcomes, to do 2\d % worse/);
});

test('it goes on until the estimate is within what is allowed, and yields to what outcomes and drifts say', async () => {
  const { pool } = database;
  const load = async (): Promise<ModelState> => (await loadModelStates(pool, { now: at(2), modelName: 'unsure' }))[0]!;
  const estimate = (minute: number, loss: object) =>
    pool.query(
      `update performance_windows set report = jsonb_set(report, '{estimatedLoss}', $1) where window_start = to_timestamp($2)`,
      [loss, NOON + minute * 60],
    );
  await estimate(2, { value: 0.12, atLeast: 0.05, atMost: 0.2 });
  const still = await load();
  expect(still.estimatedLoss).toMatchObject({ value: 0.12, atLeast: 0.05 });
  expect(shownVerdict({ ...still, verdict: 'drift' })).toBe('drift');
  expect(shownVerdict({ ...still, verdict: 'insufficient-data' })).toBe('warning');
  await estimate(2, { value: 0.1, atLeast: 0.05, atMost: 0.2 });
  expect((await load()).estimatedLoss).toBeUndefined();
  await estimate(2, { value: 0.3, atLeast: 0.2, atMost: 0.4 });
  await pool.query(`update performance_windows set verdict = 'drop' where window_start = to_timestamp($1)`, [
    NOON + 120,
  ]);
  const fallen = await load();
  expect([fallen.estimatedLoss, shownVerdict(fallen)]).toEqual([undefined, 'drift']);
});
