import { expect, test } from 'vitest';
import { figure, percent } from '../../../monitor/html/format.js';
import type {
  DataDriftReport,
  DataQualityReport,
  ModelPerformanceReport,
  TargetDriftReport,
} from '../../../monitor/reports/report.js';
import { NOW } from '../console/fixture.js';
import { rowsOf, serveReports } from './fixture.js';

const { ask, report } = serveReports();

test('data drift: what drifted first, with statistics, distributions and history', async () => {
  const drift = await report<DataDriftReport>('drifted/reports/data-drift');
  expect(drift).toMatchObject({
    kind: 'data-drift',
    model: { name: 'drifted', version: 1, state: 'champion', task: 'binary', description: null },
    window: { start: '2026-01-15T12:06:00.000Z', end: '2026-01-15T12:07:00.000Z', row_count: 300 },
    reference: { row_count: 4_000 },
    verdict: 'drift',
    headline: 'Drift is confirmed in 1 of 3 features: alcohol.',
    generated_at: NOW.toISOString(),
  });
  expect(drift.subjects.map(({ subject, verdict }) => [subject, verdict])[0]).toEqual(['alcohol', 'drift']);
  const [alcohol] = drift.subjects;
  expect(alcohol!.psi).toBeGreaterThan(0.5);
  expect(alcohol!.history.map((point) => point.verdict)).toEqual(['ok', 'ok', 'ok', 'ok', 'warning', 'drift', 'drift']);
  expect(alcohol!.history.at(-1)!.psi).toBe(alcohol!.psi);
  for (const side of ['reference_share', 'current_share'] as const) {
    expect(alcohol!.distribution.reduce((sum, cell) => sum + cell[side], 0)).toBeCloseTo(1, 9);
  }
});

test('an interval is the sum of its buckets, judged by itself', async () => {
  const calm = await report<DataDriftReport>('drifted/reports/data-drift?window=2026-01-15T12:00Z/2026-01-15T12:04Z');
  expect(calm.window).toEqual({ start: '2026-01-15T12:00:00.000Z', end: '2026-01-15T12:04:00.000Z', row_count: 1_200 });
  expect(calm.verdict).toBe('ok');
  const shifted = await report<DataDriftReport>(
    'drifted/reports/data-drift?window=2026-01-15T12:04Z/2026-01-15T12:05:30Z',
  );
  // Stretched to whole buckets.
  expect(shifted.window).toMatchObject({ end: '2026-01-15T12:06:00.000Z', row_count: 600 });
  expect(shifted).toMatchObject({
    verdict: 'drift',
    headline: expect.stringContaining('taken by itself, 1 of 3 features differ'),
  });
  const none = await report<DataDriftReport>('drifted/reports/data-drift?window=2026-01-14/2026-01-15');
  expect(none).toMatchObject({ window: null, verdict: 'insufficient-data' });
});

test('a model without rows has every report, and each says so', async () => {
  for (const kind of ['data-drift', 'data-quality', 'target-drift', 'model-performance']) {
    const empty = await report<DataDriftReport>(`no-rows/reports/${kind}`);
    expect(empty, kind).toMatchObject({
      kind,
      window: null,
      verdict: 'insufficient-data',
      reference: { row_count: 4_000 },
    });
    expect(empty.headline.length).toBeGreaterThan(20);
  }
});

test('data quality: shares of missing and unseen against the reference, with findings in words', async () => {
  const quality = await report<DataQualityReport>('calm/reports/data-quality');
  expect(quality.features.map((feature) => feature.feature).sort()).toEqual(['alcohol', 'colour', 'sugar']);
  expect(quality).toMatchObject({
    verdict: 'warning',
    duplicate_share: 0.25,
    refused_requests: { start: '2026-01-15T12:02:00.000Z', by_reason: { wrong_type: 7 } },
  });
  expect(quality.features.map((feature) => [feature.feature, feature.findings]).slice(0, 2)).toEqual([
    ['alcohol', ['20 % outside the range of the manifest']],
    ['sugar', ['one value in every row, though the reference had several']],
  ]);
  const page = await (await ask('calm/reports/data-quality?format=html')).text();
  expect(page).toContain('25 % of the rows repeat another row of the window.');
  expect(page).toMatch(/Refused at the door in these whole minutes, .*: 7 wrong type\./);
  const broken = await report<DataQualityReport>('broken/reports/data-quality');
  expect(broken).toMatchObject({ verdict: 'warning', headline: 'Worth a look: sugar.' });
  expect(broken.features[0]).toMatchObject({
    feature: 'sugar',
    missing: { share: 1 / 3, threshold: 0.05 },
    reference_missing_share: 0,
  });
  expect(broken.features[0]!.findings).toEqual(['33 % missing, 0 % in the reference']);
  const thin = await report<DataQualityReport>('thin/reports/data-quality');
  expect(thin).toMatchObject({
    verdict: 'insufficient-data',
    window: { row_count: 0 },
    headline: 'There are no rows to look at yet.',
  });
});

test('performance: by outcomes, with its interval and history, as the page shows it', async () => {
  const performance = await report<ModelPerformanceReport>('drifted/reports/model-performance');
  expect(performance).toMatchObject({
    metric: 'accuracy',
    verdict: 'ok',
    window: { end: '2026-01-15T12:07:00.000Z', row_count: 300 },
    current: { served_rows: 300, labelled_rows: 300 },
    delay_seconds: expect.anything(),
  });
  // Every fifth second the outcome is the other class.
  const accuracy = performance.current!.realised!.find((metric) => metric.metric === 'accuracy')!;
  expect(accuracy).toMatchObject({ value: 0.8, class: null });
  expect(accuracy.low).toBeLessThan(0.8);
  expect(accuracy.high).toBeGreaterThan(0.8);
  expect(performance.headline).toMatch(
    /^The accuracy is 0.8 \(95 % interval 0.7\d+ to 0.8\d+\); outcomes are known of 100 % of the rows\.$/,
  );
  expect(performance.history.map((point) => point.realised?.[0]?.value)).toHaveLength(7);
  const page = await (await ask('drifted/reports/model-performance?format=html')).text();
  const rows = rowsOf(page, 'Metrics of the window');
  expect(rows.find(([name]) => name === 'accuracy')?.slice(1, 3)).toEqual([
    '0.8',
    `${figure(accuracy.low)} – ${figure(accuracy.high)}`,
  ]);
});

test('data drift: what the changes look like, in JSON and page', async () => {
  const moved = await report<DataDriftReport>('drifted/reports/data-drift');
  expect(moved.cause).toMatchObject({
    kind: 'population',
    summary: expect.stringMatching(/^looks like a population that moved\. Most by alcohol/),
    subjects: [{ kind: 'feature', subject: 'alcohol', signature: 'population', importance: null }],
  });
  expect(await (await ask('drifted/reports/data-drift?format=html')).text()).toContain('a population that moved</h3>');
  const broken = await report<DataDriftReport>('broken/reports/data-drift');
  expect(broken.cause).toMatchObject({ kind: 'broken-data', subjects: [{ subject: 'sugar', signature: 'missing' }] });
  const page = await (await ask('broken/reports/data-drift?format=html')).text();
  expect(page).toContain('It looks like broken data</h3>');
  expect(page).toContain(`<strong>sugar</strong> ${broken.cause!.subjects[0]!.words}`);
  // Of a window that was not decided it is told from its rows.
  const interval = await report<DataDriftReport>(
    'broken/reports/data-drift?window=2026-01-15T12:00Z/2026-01-15T12:01Z',
  );
  expect(interval.cause).toMatchObject({ kind: 'broken-data', subjects: [{ subject: 'sugar', signature: 'missing' }] });
  expect((await report<DataDriftReport>('calm/reports/data-drift')).cause).toBeNull();
});

test('target drift: the outcomes against the truth of the reference, in JSON and page', async () => {
  const target = await report<TargetDriftReport>('drifted/reports/target-drift');
  const shift = target.label_shift!;
  expect(shift).toMatchObject({
    window: { start: '2026-01-15T12:06:00.000Z', end: '2026-01-15T12:07:00.000Z', labelled_rows: 300 },
    shifted: false,
    cells: [
      { type: 'category', label: 'no' },
      { type: 'category', label: 'yes' },
    ],
  });
  expect(shift.psi).toBeLessThan(shift.psi_null_band);
  for (const side of ['reference_share', 'current_share'] as const) {
    expect(shift.cells.reduce((sum, cell) => sum + cell[side], 0)).toBeCloseTo(1, 9);
  }
  const page = await (await ask('drifted/reports/target-drift?format=html')).text();
  expect(page).toContain(shift.headline);
  expect(rowsOf(page, 'Outcomes: share of rows')).toEqual(
    shift.cells.map((cell) => [cell.label, percent(cell.reference_share), percent(cell.current_share)]),
  );
  const none = await report<TargetDriftReport>('no-rows/reports/target-drift');
  expect(none.label_shift).toBeNull();
});

test('a named window and a segment: their own verdicts, rows and reference', async () => {
  const all = await report<DataDriftReport>('several/reports/data-drift?window=two-minutes');
  expect(all).toMatchObject({
    window_name: 'two-minutes',
    segment: null,
    window: { row_count: 600 },
    verdict: 'drift',
  });
  expect(all.cause?.kind).toBe('population');
  const red = await report<DataDriftReport>(`several/reports/data-drift?segment=${encodeURIComponent('colour=red')}`);
  const white = await report<DataDriftReport>(
    `several/reports/data-drift?segment=${encodeURIComponent('colour=white')}`,
  );
  expect(red).toMatchObject({ window_name: 'default', segment: 'colour=red', window: { end: all.window!.end } });
  expect(red.window!.row_count + white.window!.row_count).toBe(300);
  expect(red.reference.row_count + white.reference.row_count).toBe(4_000);
  const colour = white.subjects.find(({ subject }) => subject === 'colour')!;
  expect(colour.distribution.find(({ label }) => label === 'white')).toMatchObject({
    reference_share: 1,
    current_share: 1,
  });
  const part = '2026-01-15T12:05Z/2026-01-15T12:08Z';
  const stretch = await report<DataDriftReport>(`several/reports/data-drift?window=${part}&segment=colour%3Dwhite`);
  expect(stretch).toMatchObject({ window_name: null, verdict: 'drift', reference: white.reference });
  const performance = await report<ModelPerformanceReport>('several/reports/model-performance?segment=colour%3Dred');
  expect(performance.window!.row_count).toBe(red.window!.row_count);
});
