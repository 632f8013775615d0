import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { packagePath } from '../../core/package-path.js';
import { exportedMetrics, renderMetrics } from '../../docs/generate-metrics.js';
import { STATISTIC_NAMES } from '../../monitor/verdicts/statistic-names.js';
import { knownMetricNames, metricNamesIn } from './metric-names.js';
import { alertRules, recordingRules } from './rules.js';

const known = knownMetricNames();

test('names are read off PromQL as Prometheus reads them', () => {
  expect(
    metricNamesIn(
      'sum by (job) (rate(a_total{x="b_total", y=~"c"}[$__rate_interval])) / on (job) group_left () d:e:f > 1e3',
    ),
  ).toEqual(['a_total', 'd:e:f']);
  expect(metricNamesIn('max by (__name__) ({__name__=~"a_(b|c)_ratio"}) and g offset 5m')).toEqual([
    'a_b_ratio',
    'a_c_ratio',
    'g',
  ]);
  expect(metricNamesIn('max(a{b=%q}) * $factor')).toEqual(['a']);
});

test('every metric that a rule reads exists', () => {
  const read = [...alertRules, ...recordingRules].flatMap(({ expr }) => metricNamesIn(expr));
  expect(new Set(read).size).toBeGreaterThan(40);
  expect([...new Set(read)].filter((name) => !known.has(name))).toEqual([]);
});

test('every metric that the text of an alert reads exists', () => {
  const queries = alertRules.flatMap(({ annotations }) =>
    Object.values(annotations).flatMap((text) =>
      [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
        .map((match) => match[1]!.replaceAll('\\"', '"'))
        .filter((string) => /[({]/.test(string) && !/^[^(]*=%q/.test(string)),
    ),
  );
  expect(queries.length).toBeGreaterThan(20);
  expect([...new Set(queries.flatMap(metricNamesIn))].filter((name) => !known.has(name))).toEqual([]);
});

test('the rules know every statistic that may find a drift', () => {
  for (const kind of ['feature', 'prediction']) {
    const { expr } = recordingRules.find(({ record }) => record === `${kind}:drift_effect:max`)!;
    const wanted = Object.values(STATISTIC_NAMES).map((name) => `${kind}_drift_${name}`);
    expect(metricNamesIn(expr).sort()).toEqual(wanted.sort());
  }
});

test('every threshold stands beside a metric of the same name', () => {
  const names = new Set(exportedMetrics().map(({ name }) => name));
  const thresholds = [...names].filter((name) => name.endsWith('_threshold'));
  expect(thresholds.length).toBeGreaterThan(20);
  // The ratios of errors and of invalid requests are those of rules.
  const lonely = thresholds.filter((name) => !names.has(name.replace(/_threshold$/, '')));
  expect(lonely).toEqual(['http_error_ratio_threshold', 'http_invalid_ratio_threshold']);
});

test.skipIf(process.platform !== 'linux')('docs/metrics.md is what the code says (npm run docs)', () => {
  expect(readFileSync(packagePath('docs/metrics.md'), 'utf8')).toBe(renderMetrics());
});
