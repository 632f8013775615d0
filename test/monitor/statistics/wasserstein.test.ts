import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { quantileEdges } from '../../../core/reference/edges.js';
import { quantileFromCounts } from '../../../monitor/statistics/quantile-from-counts.js';
import { wassersteinDistance } from '../../../monitor/statistics/wasserstein-distance.js';
import { wassersteinFromCounts } from '../../../monitor/statistics/wasserstein-from-counts.js';
import { wassersteinOverIqr } from '../../../monitor/statistics/wasserstein-over-iqr.js';
import { wassersteinOverSd } from '../../../monitor/statistics/wasserstein-over-sd.js';
import fixture from '../../fixtures/statistics/distances.json' with { type: 'json' };
import { draw } from './alarm-rate.js';
import { countInto } from './binning.js';
import { expectNear } from './near.js';

const of = (values: number[], weights?: number[]) => ({ values: Object.freeze(values), ...(weights && { weights }) });

test(`equal scipy on ${fixture.samples.length} random pairs of samples, weighted and not`, () => {
  for (const { reference, current, weights, ...expected } of fixture.samples) {
    expectNear(wassersteinDistance(of(reference), of(current)), expected.distance);
    expectNear(wassersteinDistance(of(reference, weights[0]), of(current, weights[1])), expected.weighted);
    expectNear(wassersteinOverSd(reference, current), expected.overSd);
    expectNear(wassersteinOverIqr(reference, current), expected.overIqr);
  }
});

// The examples of scipy.stats.wasserstein_distance.
test.each([
  [of([0, 1, 3]), of([5, 6, 8]), 5],
  [of([0, 1], [3, 1]), of([0, 1], [2, 2]), 0.25],
  [of([3.4, 3.9, 7.5, 7.8], [1.4, 0.9, 3.1, 7.2]), of([4.5, 1.4], [3.2, 3.5]), 4.078133143804785],
])('%j and %j', (reference, current, expected) => {
  expectNear(wassersteinDistance(reference, current), expected, 1e-14);
  expectNear(wassersteinDistance(current, reference), expected, 1e-14);
});

test('moves with a shift and scales with a unit', () => {
  const random = createRandom(6);
  const reference = draw(200, () => random.normal());
  expectNear(wassersteinDistance(of(reference), of(reference.map((x) => x + 3))), 3, 1e-12);
  const current = draw(80, () => random.normal() + 0.4);
  const times = (values: number[], factor: number) => values.map((x) => x * factor);
  expectNear(wassersteinOverIqr(times(reference, 60), times(current, 60)), wassersteinOverIqr(reference, current));
});

test('says NaN where nothing can be said', () => {
  expect(wassersteinDistance(of([]), of([1]))).toBeNaN();
  expect(wassersteinOverSd([5, 5], [5, 6])).toBeNaN();
  expect(wassersteinOverIqr([5, 5, 5, 9], [])).toBeNaN();
  expect(wassersteinDistance(of([0, Infinity]), of([0, Infinity]))).toBe(0);
  expect(wassersteinDistance(of([0, 1]), of([0, Infinity]))).toBe(Infinity);
});

test.each([
  [of([1, Number.NaN]), /^wassersteinDistance requires numbers, got NaN at index 1, in the reference sample/],
  [of([1, 2], [1]), /as many weights as values, got 1/],
  [of([1, 2], [1, -1]), /finite weights of 0 or more, got -1/],
  [of([1, 2], [0, 0]), /a weight above 0/],
])('refuses %j', (sample, message) => {
  expect(() => wassersteinDistance(sample, of([1]))).toThrow(message);
});

describe('from counts', () => {
  const random = createRandom(8);

  test('the exact distance lies within the stated error', () => {
    for (let i = 0; i < 200; i++) {
      const reference = draw(500, () => Math.exp(random.normal()));
      const current = draw(100, () => Math.exp(random.normal() + 0.5 * random.next()));
      const values = [...reference, ...current].sort((a, b) => a - b);
      const inner = quantileEdges(Float64Array.from(reference)).edges.filter(
        (e) => e > values[0]! && e < values.at(-1)!,
      );
      const edges = [values[0]!, ...inner, values.at(-1)! + 1e-9];
      const [p, q] = [countInto(edges, reference), countInto(edges, current)];
      const { distance, errorBound } = wassersteinFromCounts(edges, p, q);
      const exact = wassersteinDistance(of(reference), of(current));
      expect(Math.abs(distance - exact)).toBeLessThanOrEqual(errorBound + 1e-12);
    }
  });

  test('rows beyond the edges make the bound infinite, and are taken at the edge', () => {
    expect(wassersteinFromCounts([0, 1], [0, 4, 0], [0, 0, 4])).toEqual({ distance: 0.5, errorBound: Infinity });
  });

  test('the example of its docstring; NaN for an empty window and without edges', () => {
    expect(wassersteinFromCounts([0, 1, 2], [0, 4, 0, 0], [0, 0, 4, 0])).toEqual({ distance: 1, errorBound: 2 });
    expect(wassersteinFromCounts([0, 1], [0, 0, 0], [0, 4, 0]).distance).toBeNaN();
    expect(wassersteinFromCounts([], [3], [4]).distance).toBeNaN();
    expect(() => wassersteinFromCounts([0, 1], [1, 2], [1, 2])).toThrow(/one bin more than edges/);
  });

  test('quantiles are those of the sample up to a bin', () => {
    const values = draw(4_000, () => random.normal()).sort((a, b) => a - b);
    const { edges } = quantileEdges(Float64Array.from(values));
    const counts = countInto(edges, values);
    for (const share of [0.1, 0.25, 0.5, 0.75, 0.9]) {
      expect(Math.abs(quantileFromCounts(edges, counts, share) - values[share * 4_000]!)).toBeLessThan(0.05);
    }
    expect(quantileFromCounts([0, 10], [0, 4, 0], 0.25)).toBe(2.5);
    expect(quantileFromCounts([0, 10], [0, 4, 0], 1)).toBe(10);
    expect(quantileFromCounts([], [4], 0.5)).toBeNaN();
    expect(() => quantileFromCounts([0], [1, 1], 2)).toThrow(RangeError);
    expect(() => quantileFromCounts([0], [1], 0.5)).toThrow(/one bin more/);
  });
});
