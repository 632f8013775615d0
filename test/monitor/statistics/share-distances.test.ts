import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { cramersV } from '../../../monitor/statistics/cramers-v.js';
import { jensenShannonDistanceBase2 } from '../../../monitor/statistics/jensen-shannon-distance-base2.js';
import { jensenShannonDivergenceBase2 } from '../../../monitor/statistics/jensen-shannon-divergence-base2.js';
import { largestShareDifference } from '../../../monitor/statistics/largest-share-difference.js';
import { psi } from '../../../monitor/statistics/psi.js';
import fixture from '../../fixtures/statistics/distances.json' with { type: 'json' };
import { drawCounts } from './alarm-rate.js';
import { expectNear } from './near.js';

test(`equal scipy on ${fixture.shares.length} random pairs of counts`, () => {
  for (const { reference, current, ...expected } of fixture.shares) {
    const distance = jensenShannonDistanceBase2(Object.freeze(reference), Object.freeze(current));
    // Squared: where the divergence is 0, its root is the rounding of either side.
    expectNear(distance ** 2, expected.jensenShannonDistanceBase2 ** 2);
    expectNear(jensenShannonDivergenceBase2(reference, current), expected.jensenShannonDistanceBase2 ** 2);
    expectNear(largestShareDifference(reference, current), expected.largestShareDifference);
  }
});

describe('known answers', () => {
  // scipy/spatial/tests/test_distance.py: base 2, and in nats the distance times sqrt(ln 2).
  test('Jensen-Shannon distance of scipy', () => {
    expect(jensenShannonDistanceBase2([1, 0, 0], [0, 1, 0])).toBe(1);
    expectNear(jensenShannonDistanceBase2([2, 0], [1, 1]) * Math.sqrt(Math.LN2), 0.46450140402245893, 1e-15);
  });

  // Evidently's tests give .068048 in nats for these counts, .081734 in base 2 (of the distance).
  test('Jensen-Shannon distance of six categories', () => {
    const distance = jensenShannonDistanceBase2([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]);
    expect(distance.toFixed(6)).toBe('0.081734');
    expect((distance * Math.sqrt(Math.LN2)).toFixed(6)).toBe('0.068048');
  });

  // TFDV, metrics_test.cc, DifferentBucketBoundaries: [1,2):2, [2,3):2 against [2,4):2, [4,6):2, cut at all edges.
  test('Jensen-Shannon divergence of TensorFlow Data Validation', () => {
    expectNear(jensenShannonDivergenceBase2([2, 2, 0, 0], [0, 1, 1, 2]), 0.65563906222, 1e-10);
  });

  // TFDV, metrics_test.cc, and NannyML, test_univariate_drift_methods.py (aabbcc against aabbcc and one d).
  test.each([
    [[10, 90], [30, 70], 0.2],
    [[0, 90, 10], [30, 70, 0], 0.3],
    [[2, 2, 2, 0], [2, 2, 2, 1], 1 / 7],
  ])('largest share difference of %j and %j', (reference, current, expected) => {
    expectNear(largestShareDifference(reference, current), expected, 1e-12);
  });

  test("Cramér's V", () => {
    expect(cramersV(10, 1000)).toBe(0.1);
    expect(cramersV(0, 5)).toBe(0);
  });
});

test('are 0 on equal shares, symmetric, and unchanged when the bins change places', () => {
  const random = createRandom(5);
  for (let i = 0; i < 50; i++) {
    const p = drawCounts(random, 300, [0.2, 0.3, 0.1, 0.4]);
    const q = drawCounts(random, 70, [0.3, 0.2, 0.2, 0.3]);
    for (const distance of [jensenShannonDistanceBase2, jensenShannonDivergenceBase2, largestShareDifference]) {
      expect(distance(p, p)).toBe(0);
      expectNear(distance(p, q), distance(q, p), 1e-14);
      expectNear(distance(p, q), distance([...p].reverse(), [...q].reverse()), 1e-14);
      expect(distance(p, q)).toBeLessThanOrEqual(1);
    }
  }
});

test('the divergence is about PSI / (8 ln 2) where shares differ little', () => {
  const [p, q] = [
    [250_000, 250_000, 250_000, 250_000],
    [255_000, 245_000, 252_000, 248_000],
  ];
  expectNear(jensenShannonDivergenceBase2(p, q) / (psi(p, q) / (8 * Math.LN2)), 1, 1e-3);
});

test('an empty window gives NaN, what cannot be compared is refused', () => {
  for (const distance of [jensenShannonDistanceBase2, jensenShannonDivergenceBase2, largestShareDifference]) {
    expect(distance([0, 0], [1, 2])).toBeNaN();
    expect(() => distance([1], [1, 2])).toThrow(RangeError);
    expect(() => distance([1, -1], [1, 2])).toThrow(/not negative, got -1/);
  }
  expect(() => cramersV(-1, 5)).toThrow(/^cramersV requires/);
  expect(() => cramersV(1, 0)).toThrow(RangeError);
});
