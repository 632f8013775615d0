import { expect, test } from 'vitest';
import type { Method } from '../../core/manifest/methods.js';
import { driftAnnotations } from '../../monitor/alerts/annotations.js';
import { alertLabels } from '../../monitor/alerts/decide-alerts.js';
import { performanceAnnotations } from '../../monitor/alerts/performance-annotations.js';
import type { MethodResult, SubjectVerdict } from '../../monitor/verdicts/verdict.js';
import { type AlertTest, alertTests } from './rules.js';

// The alerts that the monitor posts itself are those of the rules: held against what promtool has shown the rules to give.

/** What the rule tests expect of an alert wherever it fires, in order; only Prometheus comes with dashboards. */
function expectedOf(alertName: string): NonNullable<AlertTest['exp_alerts']> {
  return alertTests
    .filter(({ alertname }) => alertname === alertName)
    .flatMap(({ exp_alerts = [] }) => exp_alerts)
    .map(({ exp_labels, exp_annotations: { dashboard_url, ...exp_annotations } }) => ({ exp_labels, exp_annotations }));
}

const wine = { modelName: 'wine', modelVersion: 3 };

function effect(method: Method, value: number, threshold: number): MethodResult {
  return { method, value, threshold, pValue: 0.001, exceeded: value >= threshold };
}

function subject(name: string, verdict: SubjectVerdict['verdict'], statistics: MethodResult[] = []): SubjectVerdict {
  const nothing = { psi: null, psiNullBand: null, ksStatistic: null, ksCriticalValue: null };
  return { kind: 'feature', subject: name, rows: 1_000, exceeded: true, reason: '', verdict, ...nothing, statistics };
}

const drifted = [
  subject('sulphates', 'drift', [effect('psi', 0.09, 0.1)]),
  subject('colour', 'drift', [effect('psi', 1.20449, 0.1)]),
  subject('alcohol', 'drift', [effect('psi', 0.31, 0.1), effect('ks', 0.2204, 0.1)]),
  subject('citric', 'drift', [effect('psi', 0.01, 0.1), effect('missing', 0.2312, 0.05)]),
  subject('sugar', 'warning', [effect('psi', 0.9, 0.1)]),
];
const score = subject('score', 'drift', [effect('psi', 0.25, 0.1), effect('ks', 0.1812, 0.1)]);

test.each([
  ['FeatureDrift', 'feature', drifted, { kind: 'broken-data' }, 0],
  ['FeatureDrift', 'feature', [subject('alcohol', 'insufficient-data')], null, 1],
  ['PredictionDrift', 'prediction', [score], { kind: 'population' }, 0],
] as const)('%s of %s subjects', (alertName, kind, subjects, cause, at) => {
  const expected = expectedOf(alertName)[at]!;
  expect(driftAnnotations({ ...wine, kind, cause, subjects: [...subjects] })).toEqual(expected.exp_annotations);
  expect(alertLabels({ ...wine, alertName })).toEqual({ ...expected.exp_labels, alertname: alertName });
});

test.each([
  [0.312, 0.205, 0],
  [0.15, 0.02, 1],
])('PerformanceDrop of a realised loss of %s, at least %s', (value, atLeast, at) => {
  const expected = expectedOf('PerformanceDrop').filter(({ exp_labels }) => exp_labels.source === 'realised')[at]!;
  const annotations = performanceAnnotations({ ...wine, loss: { value, atLeast }, allowed: 0.1 });
  expect(annotations).toEqual(expected.exp_annotations);
  const alertName = 'PerformanceDrop';
  expect(alertLabels({ ...wine, alertName })).toEqual({ ...expected.exp_labels, alertname: alertName });
});

test.each([
  [0.123456, '12.35%'],
  [1 / 3, '33.33%'],
  [-0.004, '-0.4%'],
  [0, '0%'],
  [99.994, '9999%'],
  [123.456, '1.235e+04%'],
  [0.0000001234, '1.234e-05%'],
])('a loss of %s reads as the template of the rule writes it: %s', (value, text) => {
  const { description } = performanceAnnotations({ ...wine, loss: { value, atLeast: 0 }, allowed: 0.1 });
  expect(description).toContain(`performance is ${text} worse than`);
});
