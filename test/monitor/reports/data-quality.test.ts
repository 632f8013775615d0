import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Monitoring } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { type AskedWindow, LATEST } from '../../../monitor/reports/asked-window.js';
import { loadReports } from '../../../monitor/reports/load-report.js';
import { reportPage } from '../../../monitor/reports/page.js';
import type { DataQualityReport } from '../../../monitor/reports/report.js';
import { runPass } from '../../../monitor/run.js';
import { createDatabase } from '../../helpers/postgres.js';
import { rangedManifest } from '../console/fixture.js';
import { addChampion, type ChangeRow, drawRows, NOON, spread, storeBatch, testMonitor } from '../fixture.js';
import { rowsOf } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

const ROWS = 400;
const MINUTE: AskedWindow = { from: NOON, until: NOON + 60 };

/** A minute of rows, which the monitor has summarised and decided as a window. */
async function watch(name: string, change: ChangeRow, monitoring: Partial<Monitoring> = {}) {
  const { pool } = database;
  const manifest = rangedManifest(name, [0, 20], { window: { minutes: 1 }, ...monitoring });
  const version = await addChampion(pool, manifest);
  const rows = drawRows(createRandom(4), ROWS).map(change);
  await storeBatch(pool, version, { at: spread(NOON, 60, ROWS), rows });
  const { monitor, registry, setTime } = testMonitor(pool);
  setTime(NOON + 66);
  expect(await runPass(monitor)).toEqual([]);
  return { version, registry };
}

async function refuse(modelName: string, minute: number, requests: number): Promise<void> {
  await database.pool.query(`insert into refused_requests values ($1, to_timestamp($2), 'wrong_type', $3)`, [
    modelName,
    minute,
    requests,
  ]);
}

async function reportOf(version: ModelVersion, asked = LATEST, segment = ''): Promise<DataQualityReport> {
  const now = new Date((NOON + 70) * 1_000);
  const source = { db: database.pool, version, asked, segment, windowRows: undefined, now };
  return (await loadReports(source))['data-quality'];
}

const find = ({ features }: DataQualityReport, name: string) => features.find(({ feature }) => feature === name)!;
/** What a report says of the rows, without what it is called and when it was made. */
const said = ({ generated_at: _, window_name: __, ...report }: DataQualityReport) => report;

test('a window that was asked for is looked at as closely as one that was decided', async () => {
  const { version } = await watch('asked', (row, i) => ({ ...row, alcohol: i % 5 === 0 ? 50 : 10, sugar: 3 }));
  await refuse('asked', NOON, 7);
  const decided = await reportOf(version);
  expect(decided).toMatchObject({
    verdict: 'warning',
    headline: 'Worth a look: alcohol, sugar and repeated rows.',
    refused_requests: { by_reason: { wrong_type: 7 } },
  });
  expect(find(decided, 'alcohol').findings).toEqual(['20 % outside the range of the manifest']);
  expect(find(decided, 'sugar').findings).toEqual(['one value in every row, though the reference had several']);
  expect(said(await reportOf(version, MINUTE))).toEqual(said(decided));
  // Before the monitor has come to store what it is of the decided one.
  await database.pool.query(`delete from quality_windows where model_name = 'asked'`);
  expect(await reportOf(version)).toEqual(decided);
  const shorter = await reportOf(version, { from: NOON + 10, until: NOON + 50 });
  expect(said(shorter)).toEqual(said(decided));
});

test('of a segment what is not counted is named, and nothing is said of it', async () => {
  const segments = { segments: [{ feature: 'colour', values: ['red', 'white'] }] };
  const odd: ChangeRow = (row, i) => ({ ...row, alcohol: i % 5 === 0 ? 50 : 10 });
  const { version } = await watch('parts', odd, segments);
  await refuse('parts', NOON, 500);
  for (const asked of [LATEST, MINUTE]) {
    const white = await reportOf(version, asked, 'colour=white');
    expect(white).toMatchObject({ verdict: 'ok', duplicate_share: null, refused_requests: null });
    expect(white.not_known).toEqual([
      'values out of range',
      'features that stand still',
      'repeated rows',
      'refused requests',
    ]);
    expect(white.headline).toMatch(/missing or unseen than .*Not counted of a part of the rows: values out of range, /);
    expect(find(white, 'alcohol')).toMatchObject({ out_of_range: null, constant: null, missing: { share: 0 } });
  }
  const all = await reportOf(version);
  expect(all).toMatchObject({ verdict: 'warning', not_known: [] });
});

test('what the alert says matters, the report says too, by the thresholds of the manifest', async () => {
  const threePercent: ChangeRow = (row, i) =>
    i % 33 === 0 ? { ...row, alcohol: 50, colour: 'rosé', sugar: null } : { ...row, sugar: row.sugar! + i };
  const own = { features: { colour: { unseenThreshold: 0.5 }, sugar: { missingThreshold: 0.03 } } };
  for (const [name, monitoring, expected] of [
    ['by-default', {}, { alcohol: true, sugar: false, colour: true }],
    ['own', own, { alcohol: true, sugar: true, colour: false }],
  ] as const) {
    const { version, registry } = await watch(name, threePercent, monitoring);
    const report = await reportOf(version);
    expect(report.verdict).toBe('warning');
    const found = report.features.map(({ feature, findings }) => [feature, findings.length > 0]);
    expect(Object.fromEntries(found)).toEqual(expected);
    const values = async (metric: string) =>
      (await registry.getSingleMetric(metric)!.get()).values.filter(({ labels }) => labels.model_name === name);
    for (const [check, pick] of [
      ['missing', 'missing'],
      ['unseen_category', 'unseen'],
      ['out_of_range', 'out_of_range'],
    ] as const) {
      const thresholds = await values(`data_${check}_ratio_threshold`);
      for (const { labels, value } of await values(`data_${check}_ratio`)) {
        const threshold = thresholds.find((t) => t.labels.feature === labels.feature)!.value;
        expect(find(report, String(labels.feature))[pick]).toMatchObject({ share: value, threshold });
      }
    }
  }
});

test('repeated rows and refused requests are worth a look, and said first', async () => {
  const { version } = await watch('copies', (row, i) => ({
    ...row,
    ...[{ alcohol: 9 }, { alcohol: 10 }, { alcohol: 11 }][i % 3],
    sugar: (i % 4) + 1,
    colour: 'white',
  }));
  await refuse('copies', NOON, 5_000);
  const report = await reportOf(version);
  expect(report).toMatchObject({
    verdict: 'warning',
    findings: ['97 % of the rows repeat another row', '5,000 requests refused, 400 rows answered'],
  });
  expect(report.headline).toMatch(/repeated rows and refused requests\.$/);
  const { version: calm } = await watch('calm', (row) => row);
  await refuse('calm', NOON, 4);
  expect(await reportOf(calm)).toMatchObject({ verdict: 'ok', findings: [], not_known: [], duplicate_share: 0 });
});

test('requests that were refused while nothing was answered are told', async () => {
  const { version } = await watch('shut', (row) => row);
  await refuse('shut', NOON + 600, 12);
  const report = await reportOf(version, { from: NOON + 600, until: NOON + 660 });
  expect(report).toMatchObject({
    window: null,
    verdict: 'warning',
    headline: 'There are no rows, but 12 requests were refused.',
  });
});

test('refused requests are those of whole minutes that overlap the window, also when they are stored after it closed', async () => {
  const { pool } = database;
  const version = await addChampion(pool, rangedManifest('seconds', [0, 20], { window: { rows: 100 } }));
  await storeBatch(pool, version, { at: spread(NOON + 20, 20, 200), rows: drawRows(createRandom(4), 200) });
  const { monitor, setTime } = testMonitor(pool, { bucketSeconds: 10 });
  setTime(NOON + 45);
  expect(await runPass(monitor)).toEqual([]);
  await refuse('seconds', NOON, 12);
  const report = await reportOf(version);
  expect(report.window).toMatchObject({ start: '2026-01-15T12:00:30.000Z', end: '2026-01-15T12:00:40.000Z' });
  expect(report.refused_requests).toEqual({
    start: '2026-01-15T12:00:00.000Z',
    end: '2026-01-15T12:01:00.000Z',
    by_reason: { wrong_type: 12 },
  });
  // Of the minute's dozen two are to be expected in its ten seconds, beside 100 rows.
  expect(report).toMatchObject({ verdict: 'ok', findings: [] });
  expect(reportPage(report).text).toMatch(/Refused at the door in these whole minutes, .*: 12 wrong type\./);
});

test('each share stands beside its 95 % interval, in JSON and page', async () => {
  const { version } = await watch('intervals', (row, i) =>
    i % 4 === 0 ? { alcohol: 50, sugar: null, colour: 'rosé', score: row.score } : row,
  );
  const report = await reportOf(version);
  // Wilson's interval of 100 of 400.
  const quarter = { share: 0.25, low: expect.closeTo(0.2101, 4), high: expect.closeTo(0.2947, 4) };
  expect(find(report, 'alcohol')).toMatchObject({ out_of_range: quarter, unseen: null });
  expect(find(report, 'sugar')).toMatchObject({ missing: quarter, out_of_range: null, unseen: null });
  expect(find(report, 'colour')).toMatchObject({ unseen: quarter, out_of_range: null });
  const rows = rowsOf(reportPage(report).text, 'Shares of the rows of the window, with 95 % intervals');
  const none = '0 % 0 % to 1.0 %';
  expect(rows.find(([feature]) => feature === 'colour')?.slice(1, 5)).toEqual([none, '0 %', '25 % 21 % to 29 %', '–']);
});

test('refused requests of a stretch in which another version answered are not told of this one', async () => {
  const { version } = await watch('replaced', (row) => row);
  await refuse('replaced', NOON, 900);
  expect(await reportOf(version, MINUTE)).toMatchObject({ verdict: 'warning', not_known: [] });
  const retired = await reportOf({ ...version, state: 'retired' }, MINUTE);
  expect(retired).toMatchObject({ verdict: 'ok', refused_requests: null, not_known: ['refused requests'] });
});
