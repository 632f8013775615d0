import { expect, test } from 'vitest';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import { expectedCalibrationError } from '../../../trainer/compare/calibration.js';
import { compareAnswers } from '../../../trainer/compare/compare.js';
import { decide } from '../../../trainer/compare/decide.js';

const better = {
  metric: 'accuracy' as const,
  champion: 0.7,
  challenger: 0.8,
  improvement: 0.1,
  interval: { low: 0.05, high: 0.15 },
  clusters: 200,
};
const automatic = { minimumImprovement: 0, promotion: 'automatic' as const };
const segment = (improvement: number, high: number, clusters = 80) => ({
  segment: 'country=DE',
  rows: 100,
  clusters,
  champion: 0.7,
  challenger: 0.7 + improvement,
  improvement,
  interval: { low: 2 * improvement, high },
});

test.each([
  ['a segment surely worse by more than the margin', { segments: [segment(-0.2, -0.1)] }, {}, 'keep'],
  ['a segment worse by less than the margin', { segments: [segment(-0.05, -0.01)] }, {}, 'promote'],
  [
    'a segment worse by more than a smaller margin',
    { segments: [segment(-0.05, -0.01)] },
    { segmentMargin: 0.05 },
    'keep',
  ],
  ['a segment that may be worse by chance', { segments: [segment(-0.2, 0.01)] }, {}, 'promote'],
  ['a segment of few rows', { segments: [segment(-0.2, -0.1, 29)] }, {}, 'promote'],
  ['calibration as good', { calibration: { champion: 0.02, challenger: 0.06 } }, {}, 'promote'],
  ['calibration much worse', { calibration: { champion: 0.02, challenger: 0.09 } }, {}, 'ask'],
  ['a file within the budget', { challengerBytes: 1_000 }, { maximumModelBytes: 1_000 }, 'promote'],
  ['a file over the budget', { challengerBytes: 1_001 }, { maximumModelBytes: 1_000 }, 'keep'],
  [
    'time over the budget',
    { championMicrosecondsPerRow: 1, challengerMicrosecondsPerRow: 12 },
    { maximumMicroseconds: 10 },
    'keep',
  ],
  ['time without a budget', { championMicrosecondsPerRow: 1, challengerMicrosecondsPerRow: 12 }, {}, 'promote'],
  [
    'one answer to everything',
    { reference: { rows: 500, champion: 0.7, challenger: 0.4, distinctAnswers: 1 } },
    {},
    'keep',
  ],
  [
    'what is true now is not what the reference says',
    { reference: { rows: 500, champion: 0.9, challenger: 0.4, distinctAnswers: 3 } },
    {},
    'promote',
  ],
] as const)('a better challenger with %s', (_, measured, limits, decision) => {
  const decided = decide({ ...better, ...measured } as never, { ...automatic, ...limits });
  expect(decided.decision).toBe(decision);
  const failed = decided.checks.filter(({ passed }) => !passed);
  expect(failed.length).toBe(decision === 'promote' ? 0 : 1);
  for (const { name, words } of failed) expect(decided.reason).toContain(`but ${name}: ${words}`);
});

test('checks do not save a challenger whose metric is no better', () => {
  const none = { ...better, interval: { low: -0.05, high: 0.15 }, challengerBytes: 10 };
  expect(decide(none, automatic).decision).toBe('keep');
});

test('expected calibration error: the mean distance of confidence and accuracy over bins', () => {
  const manifest = { classes: ['a', 'b'] };
  const rows = (confidence: number, right: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ confidence, target: i < right ? 'b' : 'a' }));
  // Bin 0.9: 4 of 10 right at 0.95; bin 0.6: 6 of 10 right at 0.65. (10 * 0.55 + 10 * 0.05) / 20 = 0.3.
  const all = [...rows(0.95, 4, 10), ...rows(0.65, 6, 10)];
  const predictions = {
    rows: all.length,
    labels: all.map(() => 'b'),
    probabilities: Float32Array.from(all.flatMap(({ confidence }) => [1 - confidence, confidence])),
  };
  const targets = all.map(({ target }) => target);
  expect(expectedCalibrationError(manifest, predictions, targets)).toBeCloseTo(0.3, 6);
  expect(() => expectedCalibrationError(manifest, { rows: 0, labels: [], values: Float32Array.of() }, [])).toThrow(
    'expectedCalibrationError requires',
  );
});

test('a challenger that is better overall and worse in one country is compared in each', () => {
  const manifest = {
    name: 'grades',
    task: 'binary',
    classes: ['no', 'yes'],
    features: [
      { name: 'size', type: 'numeric', missing: false, outOfRange: 'flag' },
      { name: 'country', type: 'categorical', categories: ['DE', 'FR'], missing: false, unseen: 'flag' },
    ],
    monitoring: { segments: [{ feature: 'country', values: ['DE', 'FR'] }] },
    retraining: { metric: 'accuracy' },
  } as unknown as Manifest;
  const random = createRandom(3);
  const rows = Array.from({ length: 800 }, (_, i) => ({ size: random.normal(), country: i % 4 === 0 ? 'DE' : 'FR' }));
  const right = (share: (country: string) => number) => ({
    rows: rows.length,
    labels: rows.map(({ country }) => (random.next() < share(country) ? 'yes' : 'no')),
  });
  const comparison = compareAnswers({
    manifest,
    rows: { instances: rows, targets: rows.map(() => 'yes') },
    champion: right(() => 0.7),
    challenger: right((country) => (country === 'DE' ? 0.3 : 0.95)),
    seed: 1,
  });
  expect(comparison.interval.low).toBeGreaterThan(0);
  expect(comparison.segments.map(({ segment: name, rows: n }) => [name, n])).toEqual([
    ['country=DE', 200],
    ['country=FR', 600],
  ]);
  const { decision, reason } = decide(comparison, automatic);
  expect(decision).toBe('keep');
  expect(reason).toMatch(
    /but segments: accuracy on country=DE is 0\.\d+ against 0\.\d+ \(200 rows\): worse by more than 10 %/,
  );
});
