import { expect, test } from 'vitest';
import { createExpectedTruth } from '../../../core/performance/expected-truth.js';
import { buildReferencePerformance } from '../../../core/performance/reference-performance.js';
import { createRandom } from '../../../core/random.js';

const binary = { task: 'binary' as const, classes: ['no', 'yes'], positiveClass: 'yes' };

test('the other class of a binary model is the complement, whatever its own score says', () => {
  const expected = createExpectedTruth(binary, { calibration: [] })([0.9, 0.2])!;
  expect(Array.from(expected)).toEqual([0.8, 0.2]);
});

test('of many classes each is calibrated and they are brought to a sum of 1', () => {
  const manifest = { task: 'multiclass' as const, classes: ['a', 'b', 'c'] };
  const half = { x: [0, 1], y: [0, 0.5] };
  const expect_ = createExpectedTruth(manifest, { calibration: [half, null, null] });
  expect(Array.from(expect_([0.4, 0.2, 0.4])!)).toEqual([0.25, 0.25, 0.5].map((v) => expect.closeTo(v, 12)));
  const nothing = { x: [0, 1], y: [0, 0] };
  const even = createExpectedTruth(manifest, { calibration: [nothing, nothing, nothing] });
  expect(Array.from(even([0.4, 0.2, 0.4])!)).toEqual([1 / 3, 1 / 3, 1 / 3]);
});

test('scores that are no numbers say nothing', () => {
  expect(createExpectedTruth(binary, { calibration: [] })([Number.NaN, Number.NaN])).toBeUndefined();
});

test('over-confident scores are calibrated to how often they are right', () => {
  const random = createRandom(4);
  const rows = 5_000;
  const scores = Float32Array.from({ length: rows }, () => random.next());
  // True in the middle between a half and what the score says.
  const targets = Array.from(scores, (score) => (random.next() < 0.25 + score / 2 ? 'yes' : 'no'));
  const predictions = {
    rows,
    labels: Array.from(scores, (score) => (score >= 0.5 ? 'yes' : 'no')),
    probabilities: Float32Array.from(Array.from(scores).flatMap((score) => [1 - score, score])),
  };
  const frozen = buildReferencePerformance(binary, predictions, targets, { heldOut: true });
  const expected = createExpectedTruth(binary, frozen);
  for (const score of [0.1, 0.5, 0.9]) {
    expect(Math.abs(expected([1 - score, score])![1]! - (0.25 + score / 2))).toBeLessThan(0.06);
  }
});
