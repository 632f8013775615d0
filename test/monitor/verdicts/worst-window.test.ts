import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertmanagerPayload } from '../../../core/alerts/payload.js';
import { createRandom } from '../../../core/random.js';
import { loadModelStates } from '../../../monitor/console/overview/state.js';
import { runPass } from '../../../monitor/run.js';
import { loadChampionWindow } from '../../../monitor/verdicts/champion-window.js';
import type { StoredWindow } from '../../../monitor/verdicts/stored.js';
import type { SubjectVerdict, Verdict } from '../../../monitor/verdicts/verdict.js';
import { worstOf } from '../../../monitor/verdicts/worst-window.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

function windowOf(windowName: string, verdict: Verdict, subjects: Record<string, Verdict>): StoredWindow {
  const all = Object.entries(subjects).map(([subject, own]) => ({ kind: 'feature', subject, verdict: own }));
  return { windowName, verdict, subjects: all as SubjectVerdict[], cause: null } as StoredWindow;
}
const saidOf = (window: StoredWindow | undefined) =>
  window && [window.windowName, Object.fromEntries(window.subjects.map(({ subject, verdict }) => [subject, verdict]))];

test('of several windows every subject has its worst verdict, and the default goes before its equals', () => {
  expect(worstOf([])).toBeUndefined();
  const hour = windowOf('default', 'warning', { a: 'warning', b: 'ok', c: 'ok' });
  const day = windowOf('day', 'drift', { a: 'ok', b: 'drift', c: 'ok' });
  expect(worstOf([hour])).toBe(hour);
  expect(saidOf(worstOf([hour, day]))).toEqual(['day', { a: 'warning', b: 'drift', c: 'ok' }]);
  expect(saidOf(worstOf([day, { ...hour, verdict: 'drift' }]))?.[0]).toBe('default');
  // What has too few rows says less than what has enough.
  const thin = windowOf('default', 'insufficient-data', { a: 'insufficient-data' });
  expect(saidOf(worstOf([thin, windowOf('day', 'ok', { a: 'ok' })]))).toEqual(['day', { a: 'ok' }]);
  expect(worstOf([thin, windowOf('day', 'ok', { a: 'ok' })])!.subjects[0]).toMatchObject({ verdict: 'ok' });
});

test('the cause of a window that looks like broken data is the cause of all', () => {
  const broken = { kind: 'broken-data' as const, summary: '', subjects: [] };
  const moved = { kind: 'population' as const, summary: '', subjects: [] };
  const windows = [
    { ...windowOf('default', 'drift', {}), cause: moved },
    { ...windowOf('day', 'ok', {}), cause: broken },
  ];
  expect(worstOf(windows)!.cause).toBe(broken);
});

test.each([true, false])('a drift that only a longer window has the rows to see; alerts: %s', async (alerts) => {
  const name = `longer-${alerts}`;
  const manifest = testManifest(name, {
    window: { minutes: 1 },
    windows: [{ name: 'five-minutes', minutes: 5, ...(alerts && { alerts }) }],
  });
  const version = await addChampion(database.pool, manifest);
  const sent: AlertmanagerPayload[] = [];
  const alerting = { send: async (p: AlertmanagerPayload) => void sent.push(p), repeatSeconds: 60, externalUrl: '' };
  const { monitor, setTime, registry } = testMonitor(database.pool, { alerting });
  const random = createRandom(3);
  for (let minute = 0; minute < 10; minute++) {
    await storeBatch(database.pool, version, {
      at: spread(NOON + minute * 60, 60, 100),
      rows: drawRows(random, 100, 1),
    });
  }
  setTime(NOON + 10 * 60 + 10);
  expect(await runPass(monitor)).toEqual([]);
  const champion = await loadChampionWindow(database.pool, name);
  const [state] = await loadModelStates(database.pool, { now: new Date((NOON + 700) * 1_000), modelName: name });
  const metrics = await registry.metrics();
  if (!alerts) {
    expect([champion!.window!.verdict, state!.verdict]).toEqual(['insufficient-data', 'insufficient-data']);
    expect(sent).toEqual([]);
    return;
  }
  expect(champion!.window).toMatchObject({ windowName: 'five-minutes', verdict: 'drift', rowCount: 500 });
  expect(champion!.window!.cause?.kind).toBe('population');
  expect(state!.evidence).toMatchObject({ subject: 'alcohol', verdict: 'drift' });
  expect(state!.evidence!.history.map(({ verdict }) => verdict)).toEqual(['warning', 'drift']);
  expect(state!.evidence!.distribution.reduce((sum, cell) => sum + cell.current_share, 0)).toBeCloseTo(1, 9);
  expect(sent.flatMap((payload) => payload.alerts.map(({ labels }) => labels.alertname))).toEqual(['FeatureDrift']);
  expect(metrics).toContain(`feature_drift_verdict{model_name="${name}",model_version="1",feature="alcohol"} 1`);
});
