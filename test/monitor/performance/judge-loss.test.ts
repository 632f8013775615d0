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

const before = accuracy(0.8, null);

test.each([
  ['ok', accuracy(0.725, 0.001)],
  ['warning', accuracy(0.7, 0.03)],
  ['drop', accuracy(0.7, 0.01)],
  ['insufficient-data', accuracy(0.1, 0.05, LEAST_OUTCOMES - 1)],
  ['drop', accuracy(0.1, 0.05, LEAST_OUTCOMES)],
  ['insufficient-data', accuracy(0.1, null)],
  ['insufficient-data', null],
] as const)('where 0.72 of 0.8 is allowed: %s', (verdict, realised) => {
  expect(judgeLoss(testManifest('judged'), before, realised)).toBe(verdict);
});

test('the manifest says how much is allowed; without a reference nothing is said', () => {
  expect(judgeLoss(testManifest('lenient', { performanceLoss: 0.5 }), before, accuracy(0.7, 0.019))).toBe('ok');
  expect(judgeLoss(testManifest('unknown'), null, accuracy(0.1, 0.05))).toBe('insufficient-data');
});

test('windows whose outcomes are still to come change nothing', async () => {
  const { pool } = database;
  const add = (minute: number, verdict: string) =>
    pool.query(
      `insert into performance_windows (model_name, model_version, window_name, window_start, window_end, served_rows,
         labelled_rows, verdict, report, computed_at) values ('waiting', 1, 'default', $1, $2, 300, 9, $3, '{}', now())`,
      [new Date(Date.UTC(2026, 0, 15, 12, minute)), new Date(Date.UTC(2026, 0, 15, 12, minute + 1)), verdict],
    );
  const version = { modelName: 'waiting', modelVersion: 1 };
  await add(0, 'insufficient-data');
  expect(await loadJudgedWindow(pool, version)).toBeUndefined();
  await add(1, 'drop');
  await add(2, 'insufficient-data');
  expect(await loadJudgedWindow(pool, version)).toMatchObject({ verdict: 'drop' });
});
