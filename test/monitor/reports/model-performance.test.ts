import { expect, test } from 'vitest';
import type { ModelVersion } from '../../../core/registry/versions.js';
import type { PerformanceVerdict, PerformanceWindow } from '../../../monitor/performance/window-performance.js';
import { modelPerformanceReport } from '../../../monitor/reports/model-performance.js';
import type { ModelPerformanceReport } from '../../../monitor/reports/report.js';

const version = {
  modelName: 'wine',
  modelVersion: 3,
  state: 'champion',
  referenceProfile: { rows: 500 },
  manifest: { task: 'multiclass', monitoring: {}, retraining: { metric: 'accuracy' } },
} as ModelVersion;

function reportOf(verdict: PerformanceVerdict, segment = '', newer: PerformanceWindow[] = []): ModelPerformanceReport {
  const windows = [...newer, windowOf(verdict)];
  const now = new Date('2026-01-15T12:02Z');
  return modelPerformanceReport({
    version,
    asked: { newestOf: 'default' },
    segment,
    now,
    measured: undefined,
    windows,
  });
}

function windowOf(verdict: PerformanceVerdict, labelledRows = 300): PerformanceWindow {
  const accuracy = { metric: 'accuracy', class: null, value: 0.4, low: 0.35, high: 0.45 };
  return {
    modelVersion: 3,
    windowStart: new Date('2026-01-15T12:00Z'),
    windowEnd: new Date('2026-01-15T12:01Z'),
    servedRows: 300,
    labelledRows,
    realised: { rows: labelledRows, metrics: [accuracy], confusion: null },
    estimated: null,
    estimatedOfLabelled: null,
    verdict,
  } as unknown as PerformanceWindow;
}

test('a loss beyond what the manifest allows is a drift, of the concept, and is said first', () => {
  const { verdict, headline } = reportOf('drop');
  expect(verdict).toBe('drift');
  expect(headline).toMatch(/^Performance fell: .* beyond the 10 % that the manifest allows\. The accuracy is 0\.4 /);
});

test('a loss that may be chance is to be watched, none is all right', () => {
  expect(reportOf('warning').verdict).toBe('warning');
  expect(reportOf('ok')).toMatchObject({ verdict: 'ok', headline: expect.stringMatching(/^The accuracy is 0\.4 /) });
});

test('a part of the rows is not held against all rows of registration', () => {
  expect(reportOf('drop', 'colour=red')).toMatchObject({ verdict: 'ok', headline: expect.stringMatching(/^The acc/) });
});

test('the first outcomes of a newer window hide no fall', () => {
  const report = reportOf('drop', '', [windowOf('insufficient-data', 12)]);
  expect(report).toMatchObject({ verdict: 'drift', current: { labelled_rows: 300 } });
});
