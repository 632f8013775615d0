import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Manifest } from '../../core/manifest/manifest.js';
import { createRandom } from '../../core/random.js';
import { modelPage } from '../../monitor/console/model/page.js';
import { loadModelDetail } from '../../monitor/console/model/state.js';
import { html } from '../../monitor/html/html.js';
import { LATEST } from '../../monitor/reports/asked-window.js';
import { loadReports } from '../../monitor/reports/load-report.js';
import { reportPage } from '../../monitor/reports/page.js';
import { runPass } from '../../monitor/run.js';
import { loadWindows } from '../../monitor/verdicts/stored.js';
import type { Verdict } from '../../monitor/verdicts/verdict.js';
import { createDatabase } from '../helpers/postgres.js';
import { manyCategories } from './console/fixture.js';
import {
  addChampion,
  type ChangeRow,
  drawRows,
  drawTruth,
  NOON,
  spread,
  storeBatch,
  testManifest,
  testMonitor,
} from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const asDrawn: ChangeRow = (row) => row;
const MINUTES = 3;
const now = new Date((NOON + 600) * 1_000);

/** Plays minutes of 300 rows with outcomes through the monitor, from rows in Postgres to windows. */
async function watch(manifest: Manifest, reference: ChangeRow, live: ChangeRow) {
  const { pool } = database;
  const version = await addChampion(pool, manifest, reference);
  const { monitor, setTime } = testMonitor(pool);
  const random = createRandom(77);
  for (let minute = 0; minute < MINUTES; minute++) {
    const rows = drawRows(random, 300).map(live);
    const ids = await storeBatch(pool, version, { at: spread(NOON + minute * 60, 60, 300), rows });
    await pool.query(
      `insert into outcomes (prediction_id, revision, model_name, actual, observed_at)
       select id, 1, $2, actual, now() from unnest($1::uuid[], $3::text[]) as o (id, actual)`,
      [ids, manifest.name, rows.map((row) => drawTruth(random, row))],
    );
  }
  setTime(NOON + MINUTES * 60 + 10);
  expect(await runPass(monitor)).toEqual([]);
  return version;
}

/** Every report and the model's page, as text; none of them may show what is no value. */
async function shown(version: Awaited<ReturnType<typeof addChampion>>): Promise<string> {
  const { pool } = database;
  const reports = await loadReports({ db: pool, version, asked: LATEST, windowRows: undefined, now });
  const options = { asked: version.modelVersion, period: 'hour' as const, now, windowRows: undefined };
  const detail = (await loadModelDetail(pool, version.modelName, options))!;
  const pages = [...Object.values(reports).map((report) => reportPage(report).text.split('</style>')[1]!)];
  const text = [...pages, html`${modelPage(detail, { now, moves: true }).main}`.text].join('\n');
  expect(text).not.toMatch(/NaN|undefined|\[object|Infinity/);
  return text;
}

/** Plays rows, and looks at the windows that become of them, at the reports and at the page. */
async function expectWindows(manifest: Manifest, reference: ChangeRow, live: ChangeRow, verdict: Verdict) {
  const version = await watch(manifest, reference, live);
  const windows = await loadWindows(database.pool, { modelName: manifest.name, limit: 10 });
  expect(windows.map(({ rowCount }) => rowCount)).toEqual([300, 300, 300]);
  expect(windows[0]!.verdict).toBe(verdict);
  for (const { psi, ksStatistic, statistics } of windows.flatMap(({ subjects }) => subjects)) {
    expect([psi, ksStatistic, ...statistics.map(({ value }) => value)]).not.toContain(Infinity);
  }
  await shown(version);
}

const noSugar: ChangeRow = (row) => ({ ...row, sugar: null });
const sure: ChangeRow = (row) => ({ ...row, score: 0.5 + row.score / 2 });

test.each<[string, Manifest, ChangeRow, ChangeRow, Verdict]>([
  ['a feature that was always missing', testManifest('never'), noSugar, noSugar, 'ok'],
  ['a feature that is missing from now on', testManifest('vanished'), asDrawn, noSugar, 'drift'],
  ['one class that is all there ever was', testManifest('one-class'), sure, sure, 'ok'],
  ['one class where there were two', testManifest('one-left'), asDrawn, sure, 'drift'],
  [
    'infinite values',
    testManifest('infinite'),
    asDrawn,
    (row, i) => ({ ...row, sugar: i % 2 ? Infinity : -Infinity }),
    'drift',
  ],
])('%s: from rows to windows, reports and page', (_, ...played) => expectWindows(...played));

test('windows without a row between others: not enough data, and the pages say so', async () => {
  const { pool } = database;
  const version = await addChampion(pool, testManifest('gap', { window: { minutes: 1 } }));
  const { monitor, setTime } = testMonitor(pool);
  const rows = drawRows(createRandom(5), 300);
  await storeBatch(pool, version, { at: spread(NOON, 60, 300), rows });
  setTime(NOON + 3 * 60 + 10);
  expect(await runPass(monitor)).toEqual([]);
  const windows = await loadWindows(pool, { modelName: 'gap', limit: 10 });
  expect(windows.map(({ rowCount, verdict }) => [rowCount, verdict])).toEqual([
    [0, 'insufficient-data'],
    [0, 'insufficient-data'],
    [300, 'ok'],
  ]);
  expect(await shown(version)).toContain('0 rows are too few to decide.');
});

test('another manifest in the next version: rows of both are counted, each by its own', async () => {
  const { pool } = database;
  const first = await addChampion(pool, testManifest('changed'));
  const minute = async (version: typeof first, at: number): Promise<void> => {
    await storeBatch(pool, version, { at: spread(NOON + at * 60, 60, 300), rows: drawRows(createRandom(at), 300) });
  };
  await minute(first, 0);
  // Other names, other categories, an hour in place of rows, and parts of the rows.
  const manifest = testManifest('changed', {
    window: { minutes: 1 },
    windows: [{ name: 'two', minutes: 2 }],
    segments: [{ feature: 'shade', values: ['white'] }],
  });
  const [alcohol, sugar, colour] = manifest.features;
  const shade = { ...colour!, name: 'shade', type: 'categorical' as const, unseen: 'flag' as const };
  const features = [{ ...sugar!, name: 'ph' }, alcohol!, { ...shade, categories: ['white', 'red', 'rosé'] }];
  const second = await addChampion(pool, { ...manifest, features });
  const { monitor, setTime } = testMonitor(pool);
  // Rows of the first are still on their way when the second answers.
  await minute(first, 1);
  await minute(second, 1);
  await minute(second, 2);
  setTime(NOON + 4 * 60);
  expect(await runPass(monitor)).toEqual([]);
  const windows = await loadWindows(pool, { modelName: 'changed', limit: 10 });
  expect(windows.map(({ modelVersion, rowCount, verdict }) => [modelVersion, rowCount, verdict])).toEqual([
    [2, 300, 'ok'],
    [2, 300, 'ok'],
    [1, 300, 'ok'],
    [1, 300, 'ok'],
  ]);
  const names = (at: number): string[] => windows[at]!.subjects.map(({ subject }) => subject);
  expect(names(0)).toEqual(['alcohol', 'ph', 'shade', 'class', 'score']);
  expect(names(3)).toEqual(['alcohol', 'colour', 'sugar', 'class', 'score']);
  for (const version of [first, second]) await shown(version);
});

// The manifest alone is of ten megabytes.
test('a million categories: from rows to windows, reports and page', { timeout: 120_000 }, async () => {
  const [million, skewed] = manyCategories(1_000_000);
  await expectWindows(million, skewed, skewed, 'ok');
});
