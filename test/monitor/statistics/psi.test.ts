import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { psi } from '../../../monitor/statistics/psi.js';
import fixture from '../../fixtures/statistics/psi.json' with { type: 'json' };
import { draw, drawCounts } from './alarm-rate.js';
import { countInto, quantileEdges } from './binning.js';

const noSmoothing = { smoothing: { pseudoCount: 0 } } as const;

describe('known answers', () => {
  // Inputs of the GeeksforGeeks page on the index.
  test('shares .4 .3 .3 against .35 .25 .40 give 0.0445609', () => {
    expect(psi([40, 30, 30], [35, 25, 40], noSmoothing)).toBeCloseTo(0.0445609, 7);
  });

  // strappy 0.0.3, tests/test_psi.py.
  test('categories 6 and 5 against 5 and 4 give 0.000412343', () => {
    expect(psi([6, 5], [5, 4], noSmoothing)).toBeCloseTo(0.000412343, 9);
  });

  // feature-engine, tests/test_selection/test_drop_high_psi_features.py.
  test('0..9 against 10..19 in reference deciles with 0.0001 for empty bins gives 8.283089355027482', () => {
    const reference = Array.from({ length: 10 }, (_, i) => i);
    const edges = quantileEdges(reference, 10);
    const current = reference.map((value) => value + 10);
    const options = { smoothing: { emptyBinShare: 1e-4 } };
    expect(psi(countInto(edges, reference), countInto(edges, current), options)).toBeCloseTo(8.283089355027482, 12);
  });

  // Same file, shares of the test of `min_pct_empty_bins`.
  test('values 1 2 4 against 1 2 3 with 0.0001 for empty bins gives 5.406196', () => {
    expect(psi([1, 1, 0, 1], [1, 1, 1, 0], { smoothing: { emptyBinShare: 1e-4 } })).toBeCloseTo(5.406196, 6);
  });

  // Evidently, tests/stattests/test_stattests.py (counts).
  test('counts 16 18 16 14 12 12 against 16 16 16 16 16 8 give 0.037218', () => {
    expect(psi([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8], noSmoothing)).toBeCloseTo(0.037218, 6);
  });
});

test(`equals scipy's Kullback-Leibler divergences, both ways, on ${fixture.cases.length} random cases`, () => {
  expect(fixture.cases.length).toBeGreaterThanOrEqual(150);
  for (const { reference, current, psi: expected } of fixture.cases) {
    expect(Math.abs(psi(reference, current) - expected)).toBeLessThan(1e-12 * Math.max(1, expected));
  }
});

describe('properties', () => {
  const random = createRandom(1);
  const cases = Array.from({ length: 50 }, () => {
    const shares = [0.5, 0.2, 0.2, 0.07, 0.03, 0];
    return [drawCounts(random, 300, shares), drawCounts(random, 40, shares)] as const;
  });

  test('is 0 on identical counts, whatever the smoothing', () => {
    for (const [counts] of cases) {
      expect(psi(counts, counts)).toBe(0);
      expect(psi(counts, counts, noSmoothing)).toBe(0);
    }
  });

  test('is symmetric, not negative, and the same in any order of the bins', () => {
    for (const [reference, current] of cases) {
      const value = psi(reference, current);
      expect(value).toBeGreaterThanOrEqual(0);
      expect(psi(current, reference)).toBeCloseTo(value, 12);
      expect(psi(reference.toReversed(), current.toReversed())).toBeCloseTo(value, 12);
    }
  });

  test('is unchanged when both samples go through the same increasing map', () => {
    const reference = draw(400, () => random.normal());
    const current = draw(90, () => random.normal() + 0.4);
    const inBins = (map: (value: number) => number) => {
      const edges = quantileEdges(reference.map(map), 10);
      return psi(countInto(edges, reference.map(map)), countInto(edges, current.map(map)));
    };
    expect(inBins(Math.exp)).toBe(inBins((value) => value));
    expect(inBins((value) => value ** 3)).toBe(inBins((value) => value));
  });

  test('one outlier in the current window does not hide a shift, because the bins are the reference quantiles', () => {
    const reference = draw(5000, () => random.normal());
    const current = draw(500, () => random.normal() + 1);
    const edges = quantileEdges(reference, 10);
    const index = (sample: number[]) => psi(countInto(edges, reference), countInto(edges, sample));
    expect(index(current)).toBeGreaterThan(0.5);
    expect(Math.abs(index([...current, 1e6]) - index(current))).toBeLessThan(0.02);
  });

  test('leaves its inputs alone and takes typed arrays', () => {
    const reference = Object.freeze([4, 0, 6]);
    const current = Object.freeze([1, 2, 3]);
    expect(psi(Uint32Array.from(reference), Float64Array.from(current))).toBe(psi(reference, current));
  });
});

describe('empty bins', () => {
  test('on one side stay finite by default and are infinite without smoothing', () => {
    expect(psi([10, 0], [5, 5])).toBeGreaterThan(0.5);
    expect(psi([10, 0], [5, 5])).toBeLessThan(10);
    expect(psi([10, 0], [5, 5], noSmoothing)).toBe(Infinity);
  });

  test('on both sides add nothing without smoothing', () => {
    expect(psi([40, 0, 30, 30], [35, 0, 25, 40], noSmoothing)).toBe(psi([40, 30, 30], [35, 25, 40], noSmoothing));
  });
});

describe('refuses, naming itself and the offender,', () => {
  test.each([
    [[1, 2], [1, 2, 3], /^psi requires the same bins .* 2 reference and 3 current/],
    [[1], [1], /^psi requires at least 2 bins, got 1/],
    [[1, -2], [1, 2], /^psi requires counts .* got -2 in reference bin 1/],
    [[1, 2], [Number.NaN, 2], /got NaN in current bin 0/],
    [[1, Infinity], [1, 2], /got Infinity in reference bin 1/],
    [[1, 2], [0, 0], /^psi requires rows in both windows, got 3 reference and 0 current/],
  ])('%j against %j', (reference, current, message) => {
    expect(() => psi(reference, current)).toThrow(RangeError);
    expect(() => psi(reference, current)).toThrow(message);
  });

  test('a negative or missing smoothing', () => {
    expect(() => psi([1, 2], [1, 2], { smoothing: { pseudoCount: -1 } })).toThrow(/smoothing .* got -1/);
    expect(() => psi([1, 2], [1, 2], { smoothing: { emptyBinShare: Number.NaN } })).toThrow(/smoothing .* got NaN/);
  });
});
