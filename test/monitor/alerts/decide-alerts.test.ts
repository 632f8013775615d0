import { expect, test } from 'vitest';
import type { ModelVersion } from '../../../core/registry/versions.js';
import { alertLabels, decideAlerts, isDue } from '../../../monitor/alerts/decide-alerts.js';
import type { KnownChampion } from '../../../monitor/alerts/findings.js';
import type { PerformanceVerdict, PerformanceWindow } from '../../../monitor/performance/window-performance.js';
import type { MethodResult, Verdict } from '../../../monitor/verdicts/verdict.js';
import { testManifest, testPerformance } from '../fixture.js';

const manifest = testManifest('wine');
const referencePerformance = testPerformance(manifest);
const version = { modelName: 'wine', modelVersion: 3, manifest, referencePerformance } as ModelVersion;
const now = new Date('2026-01-15T12:00:00Z');
const later = new Date('2026-01-15T12:10:00Z');

const found: MethodResult = { method: 'psi', value: 0.31, threshold: 0.1, pValue: 0.001, exceeded: true };

function champion(verdict: Verdict): KnownChampion {
  const numbers =
    verdict === 'insufficient-data'
      ? { psi: null, psiNullBand: null, ksStatistic: null, ksCriticalValue: null }
      : { psi: 0.31, psiNullBand: 0.049, ksStatistic: null, ksCriticalValue: null };
  const subject = {
    kind: 'feature' as const,
    subject: 'alcohol',
    rows: 300,
    statistics: verdict === 'insufficient-data' ? [] : [found],
    exceeded: true,
    verdict,
    reason: '',
  };
  return {
    version,
    window: {
      modelName: 'wine',
      modelVersion: 3,
      windowName: 'default',
      segment: '',
      windowStart: now,
      windowEnd: later,
      rowCount: 300,
      verdict,
      decidedAt: later,
      subjects: [{ ...subject, ...numbers }],
      cause: null,
    },
    judged: undefined,
  };
}

const [begun] = decideAlerts({ champion: champion('drift'), open: [], now });

test('begins with a drift verdict', () => {
  expect(begun).toMatchObject({ alertName: 'FeatureDrift', startsAt: now, endsAt: null, lastSentAt: null });
  expect(begun!.annotations.description).toBe('alcohol: psi 0.310 (threshold 0.100).');
  expect(alertLabels(begun!)).toEqual({
    alertname: 'FeatureDrift',
    model_name: 'wine',
    model_version: '3',
    severity: 'warning',
  });
});

test.each(['ok', 'warning', 'insufficient-data'] as const)('does not begin with the verdict %s', (verdict) => {
  expect(decideAlerts({ champion: champion(verdict), open: [], now })).toEqual([]);
});

test('does not begin before a window was decided, or without a champion', () => {
  expect(decideAlerts({ champion: { version, window: undefined, judged: undefined }, open: [], now })).toEqual([]);
  expect(decideAlerts({ champion: undefined, open: [], now })).toEqual([]);
});

test('goes on through a window with too few rows, and says so', () => {
  const [held] = decideAlerts({ champion: champion('insufficient-data'), open: [begun!], now: later });
  expect(held).toMatchObject({ startsAt: now, endsAt: null });
  expect(held!.annotations.description).toBe('The newest window has too few rows to decide.');
});

test.each(['ok', 'warning'] as const)('ends with the verdict %s', (verdict) => {
  expect(decideAlerts({ champion: champion(verdict), open: [begun!], now: later })).toEqual([
    { ...begun, endsAt: later },
  ]);
});

test('an end that is not delivered yet stays as it is while a new occurrence begins', () => {
  const ended = { ...begun!, endsAt: later };
  const alerts = decideAlerts({ champion: champion('drift'), open: [ended], now: new Date('2026-01-15T13:00:00Z') });
  expect(alerts.map((alert) => [alert.startsAt.toISOString(), alert.endsAt?.toISOString()])).toEqual([
    ['2026-01-15T12:00:00.000Z', '2026-01-15T12:10:00.000Z'],
    ['2026-01-15T13:00:00.000Z', undefined],
  ]);
});

test('is due when new, when ended since it was sent, and when it fires for long', () => {
  expect(isDue(begun!, now, 600)).toBe(true);
  const sent = { ...begun!, lastSentAt: now };
  expect(isDue(sent, new Date(now.getTime() + 599_999), 600)).toBe(false);
  expect(isDue(sent, later, 600)).toBe(true);
  const [ended] = decideAlerts({ champion: champion('ok'), open: [sent], now });
  expect(isDue(ended!, now, 600)).toBe(true);
  expect(isDue({ ...ended!, lastSentAt: ended!.endsAt }, later, 600)).toBe(false);
});

/** A champion without drift whose newest window with outcomes has a share of right answers, of which 0.75 is expected. */
function performing(verdict: PerformanceVerdict, accuracy: number, low: number, high: number): KnownChampion {
  const metric = { metric: 'accuracy' as const, class: null, value: accuracy, low, high, interval: 'wilson' as const };
  const realised = { rows: 300, metrics: [metric], confusion: null };
  return { ...champion('ok'), judged: { verdict, realised } as PerformanceWindow };
}

const [dropped] = decideAlerts({ champion: performing('drop', 0.4, 0.35, 0.46), open: [], now });

test('an alert on performance begins with the verdict drop, as realised', () => {
  expect(dropped).toMatchObject({ alertName: 'PerformanceDrop', startsAt: now, endsAt: null });
  expect(dropped!.annotations.description).toMatch(
    /^Its realised performance is 4\d\.?\d*% worse than at registration, at least 3\d\.?\d*% by .*; 10% is allowed\.$/,
  );
  expect(alertLabels(dropped!)).toMatchObject({ alertname: 'PerformanceDrop', source: 'realised' });
});

test('it does not begin with a loss whose interval reaches back, nor ends with one', () => {
  const doubtful = performing('warning', 0.65, 0.6, 0.7);
  expect(decideAlerts({ champion: doubtful, open: [], now })).toEqual([]);
  expect(decideAlerts({ champion: doubtful, open: [dropped!], now: later })).toMatchObject([
    { startsAt: now, endsAt: null, annotations: { description: expect.not.stringMatching(/ 4\d\.?\d*% worse/) } },
  ]);
});

test('it ends with the verdict ok, and when drift and performance fire both are told', () => {
  const [ended] = decideAlerts({ champion: performing('ok', 0.75, 0.7, 0.8), open: [dropped!], now: later });
  expect(ended).toEqual({ ...dropped, endsAt: later });
  const both = { ...champion('drift'), judged: performing('drop', 0.4, 0.35, 0.46).judged };
  const alerts = decideAlerts({ champion: both, open: [dropped!], now: later });
  expect(alerts.map(({ alertName, startsAt }) => [alertName, startsAt])).toEqual([
    ['FeatureDrift', later],
    ['PerformanceDrop', now],
  ]);
});
