import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeLoss, LEAST_OUTCOMES } from '../../../monitor/performance/judge-loss.js';
import { loadJudgedWindow } from '../../../monitor/performance/judged-window.js';
import type { Performance } from '../../../monitor/performance/window-performance.js';
import { createDatabase } from '../../helpers/postgres.js';
import { testManifest } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

function accuracy(value: number, half: number | null, rows = 300): Performance {
  const [low, high] = half === null ? [null, null] : [value - half, value + half];
  return {
    rows,
    metrics: [{ metric: 'accuracy', class: null, value, low, high, interval: 'wilson' }],
    confusion: null,
  };
}

const before = accuracy(0.8, 0);

test.each([
  ['ok', accuracy(0.725, 0.001), false],
  ['ok', accuracy(0.725, 0.01), true],
  ['warning', accuracy(0.7, 0.03), true],
  // The first outcomes of a window leave open what the rest will decide.
  ['insufficient-data', accuracy(0.725, 0.01), false],
  ['insufficient-data', accuracy(0.7, 0.03), false],
  ['drop', accuracy(0.7, 0.01), false],
  ['insufficient-data', accuracy(0.1, 0.05, LEAST_OUTCOMES - 1), true],
  ['drop', accuracy(0.1, 0.05, LEAST_OUTCOMES), true],
  ['insufficient-data', accuracy(0.1, null), true],
  ['insufficient-data', null, true],
] as const)('where 0.72 of 0.8 is allowed: %s', (verdict, realised, isComplete) => {
  expect(judgeLoss(testManifest('judged'), before, realised, isComplete)).toBe(verdict);
});

test('the manifest says how much is allowed; without a reference, or where nothing is known of how sure it is, nothing is said', () => {
  const lenient = testManifest('lenient', { performanceLoss: 0.5 });
  expect(judgeLoss(lenient, before, accuracy(0.7, 0.019), true)).toBe('ok');
  expect(judgeLoss(testManifest('unknown'), null, accuracy(0.1, 0.05), true)).toBe('insufficient-data');
  expect(judgeLoss(testManifest('unsure'), accuracy(0.8, null), accuracy(0.1, 0.05), true)).toBe('insufficient-data');
});

test('a version is judged by its drop until a window that says ok takes it back', async () => {
  const { pool } = database;
  const version = { modelName: 'waiting', modelVersion: 1 };
  let minute = 0;
  const judgedAfter = async (verdict: string): Promise<unknown> => {
    const at = new Date(Date.UTC(2026, 0, 15, 12, minute++));
    await pool.query(
      `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
         labelled_rows, verdict, report, computed_at) values ('waiting', 1, 'default', $1, $2, 300, 9, $3, '{}', now())`,
      [at, new Date(at.getTime() + 60_000), verdict],
    );
    const judged = await loadJudgedWindow(pool, version);
    return judged && [judged.verdict, judged.windowStart.getUTCMinutes()];
  };
  expect(await judgedAfter('insufficient-data')).toBeUndefined();
  expect(await judgedAfter('warning')).toEqual(['warning', 1]);
  expect(await judgedAfter('drop')).toEqual(['drop', 2]);
  expect(await judgedAfter('insufficient-data')).toEqual(['drop', 2]);
  expect(await judgedAfter('drop')).toEqual(['drop', 4]);
  expect(await judgedAfter('warning')).toEqual(['drop', 4]);
  expect(await judgedAfter('ok')).toEqual(['ok', 6]);
  expect(await judgedAfter('insufficient-data')).toEqual(['ok', 6]);
  expect(await judgedAfter('warning')).toEqual(['warning', 8]);
});
