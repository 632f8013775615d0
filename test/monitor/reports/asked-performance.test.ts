import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { type AskedWindow, LATEST, parseWindow } from '../../../monitor/reports/asked-window.js';
import { loadReports } from '../../../monitor/reports/load-report.js';
import { reportPage } from '../../../monitor/reports/page.js';
import { createDatabase } from '../../helpers/postgres.js';
import { addWatched } from '../console/fixture.js';
import { NOON, testManifest } from '../fixture.js';

const now = new Date((NOON + 300) * 1_000);
const segments = [{ feature: 'colour', values: ['red', 'white'] }];

let database: Awaited<ReturnType<typeof createDatabase>>;
let byMinute: ModelVersion;
let byHour: ModelVersion;
beforeAll(async () => {
  database = await createDatabase();
  byMinute = await addWatched(database.pool, testManifest('by-minute', { segments }), [0, 0, 0, 0, 0]);
  byHour = await addWatched(database.pool, testManifest('by-hour', { window: { minutes: 60 } }), [0, 0, 0, 0, 0]);
});
afterAll(() => database.drop());

function load(version: ModelVersion, asked: AskedWindow, segment = '') {
  return loadReports({ db: database.pool, version, asked, segment, windowRows: undefined, now });
}

const at = (minutes: number): number => NOON + minutes * 60;

test('performance of an interval is that of all its rows, not of a window in it', async () => {
  const asked = { from: at(0), until: at(4) };
  const report = (await load(byMinute, asked))['model-performance'];
  expect(report).toMatchObject({
    verdict: 'ok',
    window: { start: '2026-01-15T12:00:00.000Z', end: '2026-01-15T12:04:00.000Z', row_count: 1_200 },
    current: { served_rows: 1_200, labelled_rows: 1_200 },
  });
  expect(report.confusion!.counts.flat().reduce((a, b) => a + b, 0)).toBe(1_200);
  // Every fifth second the outcome is the other class.
  const accuracy = report.current!.realised!.find(({ metric }) => metric === 'accuracy')!;
  expect(accuracy).toMatchObject({ value: expect.closeTo(0.8, 12) });
  const [single] = (await load(byMinute, LATEST))['model-performance'].current!.realised!;
  expect(accuracy.high! - accuracy.low!).toBeCloseTo((single!.high! - single!.low!) / 2, 2);
  expect(report.history.map((point) => point.window_end)).toEqual(
    [1, 2, 3, 4].map((minutes) => new Date(at(minutes) * 1_000).toISOString()),
  );
});

test('performance of a length up to now needs no decided window in it', async () => {
  const report = (await load(byHour, parseWindow('3m', now)!))['model-performance'];
  expect(report).toMatchObject({
    verdict: 'ok',
    window: { start: '2026-01-15T12:02:00.000Z', end: '2026-01-15T12:05:00.000Z', row_count: 900 },
    headline: expect.stringMatching(
      /^The accuracy is 0.8 \(95 % interval .*outcomes are known of 100 % of the rows\.$/,
    ),
    history: [],
  });
  expect((await load(byHour, LATEST))['model-performance'].headline).toMatch(/yet: no window was summarised\.$/);
});

test('an interval that begins within a bucket is moved outwards, as that of the other reports', async () => {
  const asked = { from: at(1) + 30, until: at(2) + 30 };
  const reports = await load(byMinute, asked);
  expect(reports['model-performance'].window).toEqual(reports['data-drift'].window);
  expect(reports['model-performance'].window).toMatchObject({ row_count: 600 });
  expect(reports['target-drift'].label_shift!.window).toEqual({
    start: '2026-01-15T12:01:00.000Z',
    end: '2026-01-15T12:03:00.000Z',
    labelled_rows: 600,
  });
});

test('performance of an interval of a segment is that of its rows', async () => {
  const asked = { from: at(0), until: at(5) };
  const [red, white] = await Promise.all(
    ['red', 'white'].map(async (colour) => (await load(byMinute, asked, `colour=${colour}`))['model-performance']),
  );
  expect(red!.current!.served_rows + white!.current!.served_rows).toBe(1_500);
});

test('an interval without rows is told as such, in JSON and page', async () => {
  const report = (await load(byMinute, { from: at(60), until: at(120) }))['model-performance'];
  const headline = 'Nothing is known of the performance: there are no rows in the time that was asked for.';
  expect(report).toMatchObject({ verdict: 'insufficient-data', window: null, current: null, headline });
  const page = reportPage(report).text;
  expect(page).toContain(headline);
  expect(page).not.toContain('summarised');
});

test('a shift of outcomes is told of an interval from its own outcomes alone', async () => {
  const [inside, outside] = [at(0), at(60)].map((from) => load(byMinute, { from, until: from + 240 }));
  expect((await inside!)['target-drift'].label_shift).not.toBeNull();
  expect((await outside!)['target-drift'].label_shift).toBeNull();
});
