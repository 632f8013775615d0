import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { figure, percent } from '../../../monitor/html/format.js';
import type { DataDriftReport, TargetDriftReport } from '../../../monitor/reports/report.js';
import { writeReports } from '../../../monitor/reports/write-reports.js';
import { HOSTILE, NOW } from '../console/fixture.js';
import { rowsOf, serveReports } from './fixture.js';

const server = serveReports();
const { ask, report } = server;

test.each(['data-drift', 'target-drift'])('the page of %s shows what the JSON says', async (kind) => {
  const json = await report<DataDriftReport | TargetDriftReport>(`drifted/reports/${kind}`);
  const page = await (await ask(`drifted/reports/${kind}?format=html`)).text();
  expect(page).toContain(json.headline);
  const words = { ok: '✓ In line', drift: '◆ Drift', warning: '△ Watch', 'insufficient-data': '… Not enough data' };
  expect(rowsOf(page, 'Against thresholds')).toEqual(
    json.subjects.map((s) => [
      s.subject,
      words[s.verdict],
      ...[s.psi, s.psi_null_band, s.ks_statistic, s.ks_critical_value].map(figure),
    ]),
  );
  for (const subject of json.subjects) {
    const cells = subject.distribution.map((cell) => [
      cell.label,
      percent(cell.reference_share),
      percent(cell.current_share),
    ]);
    expect(
      rowsOf(page, `${subject.subject}: share of rows`).map((row) => row.map((cell) => cell.replace('&lt;', '<'))),
    ).toEqual(cells);
  }
});

test('hostile names are in the JSON as they are, and in the page as text only', async () => {
  const json = await report<DataDriftReport>('hostile/reports/data-drift');
  expect(json.subjects.map((subject) => subject.subject).sort()).toEqual(
    [HOSTILE.markup, HOSTILE.quotes, HOSTILE.long].sort(),
  );
  const page = await (await ask('hostile/reports/data-drift?format=html')).text();
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/<img/);
  expect(page).toContain('&lt;script&gt;alert(&quot;name&quot;)&lt;/script&gt;');
});

test('a page needs nothing from elsewhere and runs no script', async () => {
  const response = await ask('drifted/reports/data-drift?format=html');
  const page = await response.text();
  expect(page).not.toMatch(/(src|href)="(?!#)/);
  expect(page).not.toMatch(/url\(|@import/);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
});

test.each([
  ['elsewhere/reports/data-drift', 404, 'there is no champion of a model \\"elsewhere\\"'],
  ['no-champion/reports/data-drift', 404, 'there is no champion'],
  ['drifted/reports/data-drift?version=9', 404, 'there is no version 9'],
  ['%00/reports/data-drift', 404, 'there is no champion'],
  ['drifted/reports/drift', 400, '\\"drift\\" is no kind of report, wanted data-drift, data-quality'],
  [
    'drifted/reports/data-drift?window=yesterday',
    400,
    'wanted latest, the name of one of monitoring.windows, a length up to now',
  ],
  ['drifted/reports/data-drift?window=1h&window=2h', 400, 'wanted latest'],
  ['drifted/reports/data-drift?format=pdf', 400, 'wanted json or html'],
  ['drifted/reports/data-drift?version=-1', 400, 'wanted a version number'],
  ['drifted/reports/data-drift?window=two-minutes', 400, 'the name of one of monitoring.windows'],
  ['drifted/reports/data-drift?segment=colour%3Dred', 400, 'the manifest names no segments'],
  ['several/reports/data-drift?segment=colour%3Dpink', 400, 'one of colour=red, colour=white, alcohol=[-inf,10)'],
  ['drifted/reports/data-drift?windows=1h', 400, '\\"windows\\" is no parameter'],
])('%s is answered %d as a problem', async (path, status, detail) => {
  const response = await ask(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.text()).toContain(detail);
});

test('reports of all champions are written to a folder, whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-reports-'));
  const failed: unknown[] = [];
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const logger = { ...quiet, error: (fields: unknown) => void failed.push(fields) };
  await writeReports({ pool: server.pool, folder, windowRows: undefined, logger, now: NOW });
  expect(failed).toEqual([]);
  expect((await readdir(folder)).sort()).toEqual([
    'all-missing',
    'broken',
    'calm',
    'drifted',
    'hostile',
    'many-categories',
    'no-rows',
    'several',
    'thin',
  ]);
  const files = await readdir(join(folder, 'drifted'));
  expect(files).toHaveLength(8);
  expect(files).toContain('2026-01-15T12-10-00Z-data-drift.html');
  const written = JSON.parse(await readFile(join(folder, 'drifted', '2026-01-15T12-10-00Z-data-drift.json'), 'utf8'));
  expect(written).toEqual(await report('drifted/reports/data-drift'));
  await rm(folder, { recursive: true });
});
