import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Monitoring } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { runBacktest } from '../../../monitor/backtest/backtest.js';
import { describeBacktest } from '../../../monitor/backtest/describe.js';
import { drawBacktest } from '../../../monitor/backtest/picture.js';
import { loadStoredHistory } from '../../../monitor/backtest/stored-history.js';
import { runPass } from '../../../monitor/run.js';
import { loadWindows } from '../../../monitor/verdicts/stored.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addChampion, drawRows, NOON, type Row, spread, storeBatch, testManifest, testMonitor } from '../fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** A champion with a minute of rows for each `change`, judged by the monitor minute by minute with alerts of its own. */
async function addHistory(name: string, monitoring: Partial<Monitoring>, changes: ((row: Row) => Row)[]) {
  const { pool } = database;
  const version = await addChampion(pool, testManifest(name, { window: { minutes: 1 }, ...monitoring }));
  const alerting = { send: async () => undefined, repeatSeconds: 60, externalUrl: 'http://127.0.0.1' };
  const { monitor, setTime } = testMonitor(pool, { alerting });
  for (const [i, change] of changes.entries()) {
    const start = NOON + i * 60;
    const rows = drawRows(createRandom(60 + i), 400).map(change);
    await storeBatch(pool, version, { at: spread(start, 60, 400), rows });
    setTime(start + 66);
    await runPass(monitor);
  }
  return version;
}

async function backtest(version: ModelVersion) {
  const history = await loadStoredHistory(database.pool, version);
  return runBacktest(version.referenceProfile, version.manifest.monitoring, history);
}

const asDrawn = (row: Row): Row => row;
const tenth = (row: Row): Row => ({ ...row, sugar: row.sugar! / 10 });
const shifted = (row: Row): Row => ({ ...row, alcohol: row.alcohol! + 1 });
const surer = (row: Row): Row => ({ ...row, score: row.score ** 3 });

test('tells the cause that the monitor told, from the rows; and none once they are gone', async () => {
  const version = await addHistory('tenth', { confirm: [1, 1] }, [asDrawn, tenth]);
  const [stored] = await loadWindows(database.pool, { modelName: 'tenth', limit: 1 });
  const result = await backtest(version);
  expect(result.windows.map(({ cause }) => cause?.summary)).toEqual([
    undefined,
    expect.stringMatching(/^looks like broken data\. sugar: .*divided by tenfold/),
  ]);
  expect(result.windows[1]!.cause).toEqual(stored!.cause);
  await database.pool.query(`delete from predictions where model_name = 'tenth'`);
  const later = await backtest(version);
  expect(later.windows.map(({ verdict, cause }) => [verdict, cause])).toEqual([
    ['ok', null],
    ['drift', null],
  ]);
  expect(describeBacktest(later, new Map())).toContain(
    '(400 rows): drift, FeatureDrift begins; its rows are gone, so that nothing is known of the cause\n    sugar: PSI',
  );
});

describe('with a second window that alerts, and drifts of both kinds that overlap', () => {
  const windows = [
    { name: 'three-minutes', minutes: 3, alerts: true },
    { name: 'unheard', minutes: 2 },
  ];
  const both = (row: Row): Row => surer(shifted(row));
  let version: ModelVersion;
  beforeAll(async () => {
    const calm = [asDrawn, asDrawn, asDrawn];
    const changes = [...calm, shifted, both, both, both, asDrawn, asDrawn, ...calm, shifted];
    version = await addHistory('windows', { windows, confirm: [1, 1] }, changes);
  });

  test('every window is decided as the monitor did', async () => {
    const result = await backtest(version);
    for (const windowName of ['default', 'three-minutes']) {
      const stored = await loadWindows(database.pool, { modelName: 'windows', windowName, limit: 100 });
      const own = result.windows.filter((window) => window.windowName === windowName);
      expect(own.map(({ label, verdict, cause }) => ({ label, verdict, cause }))).toEqual(
        stored
          .reverse()
          .map(({ windowStart, verdict, cause }) => ({ label: windowStart.toISOString(), verdict, cause })),
      );
    }
    expect(new Set(result.windows.map(({ windowName }) => windowName))).toEqual(new Set(['default', 'three-minutes']));
  });

  test('as many alerts of each kind begin as the monitor raised', async () => {
    const { alerts } = await backtest(version);
    const { rows: raised } = await database.pool.query<{ alertName: string }>(
      `select alert_name as "alertName" from alerts where model_name = 'windows' order by starts_at, alert_name`,
    );
    expect(alerts.map(({ alertName }) => ({ alertName }))).toEqual(raised);
    expect(alerts.map(({ alertName }) => alertName)).toEqual(['FeatureDrift', 'PredictionDrift', 'FeatureDrift']);
  });

  test('are told and drawn by the name of the window, each alert with its reason', async () => {
    const result = await backtest(version);
    const told = describeBacktest(result, new Map());
    expect(told).toMatch(
      /^default: 13 windows: .*\nthree-minutes: 4 windows: .* 3 alerts would have begun: 2 FeatureDrift, 1 PredictionDrift\.\n/,
    );
    expect(told.match(/ begins; /g)).toHaveLength(3);
    expect(told).toContain('\n\nthree-minutes\nsubject');
    const svg = drawBacktest('windows', result);
    expect(svg.match(/<rect class="cell /g)).toHaveLength(5 * 13 + 5 * 4);
    expect(svg).toContain('>three-minutes</text>');
  });
});
