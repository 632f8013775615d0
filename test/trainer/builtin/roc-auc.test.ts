import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { rocAuc } from '../../../trainer/builtin/roc-auc.js';

/** The definition, pair by pair. */
function byPairs(scores: Float64Array, positive: Uint8Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (const [i, isPositive] of positive.entries()) {
    for (const [j, other] of positive.entries()) {
      if (isPositive !== 1 || other !== 0) continue;
      const weight = weights[i]! * weights[j]!;
      total += weight;
      sum += weight * (scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0);
    }
  }
  return sum / total;
}

test('equals the share of pairs in the right order, ties and weights included', () => {
  const random = createRandom(4);
  const scores = new Float64Array(200).map(() => random.integer(20) / 20);
  const positive = new Uint8Array(200).map((_, i) => (random.next() < scores[i]! ? 1 : 0));
  const weights = new Float64Array(200).map(() => random.integer(4));
  expect(rocAuc(scores, positive, weights)).toBeCloseTo(byPairs(scores, positive, weights), 12);
});

test('is 1, 1/2 and 0 in the plain cases, and NaN with one class alone', () => {
  const scores = Float64Array.of(1, 2, 3, 4);
  const ones = new Float64Array(4).fill(1);
  expect(rocAuc(scores, Uint8Array.of(0, 0, 1, 1), ones)).toBe(1);
  expect(rocAuc(scores, Uint8Array.of(1, 1, 0, 0), ones)).toBe(0);
  expect(rocAuc(new Float64Array(4), Uint8Array.of(0, 1, 0, 1), ones)).toBe(0.5);
  expect(rocAuc(scores, new Uint8Array(4), ones)).toBeNaN();
});
