import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { ksStatistic } from '../../../monitor/statistics/ks-statistic.js';
import fixture from '../../fixtures/statistics/kolmogorov-smirnov.json' with { type: 'json' };
import { draw } from './alarm-rate.js';

// scipy/stats/tests/test_stats.py, TestKSTwoSamples.
describe('known answers', () => {
  test('1..100 against linspace(1, 100, 110) + 20.1 gives 232/1100', () => {
    const reference = Array.from({ length: 100 }, (_, i) => i + 1);
    const current = Array.from({ length: 110 }, (_, i) => 1 + (99 * i) / 109 + 20.1);
    expect(ksStatistic(reference, current)).toBeCloseTo(232 / 1100, 12);
  });

  test('two values against three', () => {
    expect(ksStatistic([1.01, 2.01], [1, 2, 3])).toBeCloseTo(1 / 3, 12);
    expect(ksStatistic([0.99, 1.99], [1, 2, 3])).toBeCloseTo(2 / 3, 12);
  });

  test('an empty sample gives NaN, neither 0 nor 1', () => {
    expect(ksStatistic([], [1])).toBeNaN();
    expect(ksStatistic([1], [])).toBeNaN();
    expect(ksStatistic([], [])).toBeNaN();
  });
});

test(`equals scipy on ${fixture.samples.length} random pairs of unequal size, half of them tied`, () => {
  expect(fixture.samples.length).toBeGreaterThanOrEqual(150);
  for (const { reference, current, statistic } of fixture.samples) {
    expect(Math.abs(ksStatistic(reference, current) - statistic)).toBeLessThan(1e-12);
  }
});

describe('properties', () => {
  const random = createRandom(2);
  const reference = draw(200, () => Math.round(random.normal() * 20));
  const current = draw(37, () => Math.round(random.normal() * 20) + 5);

  test('is 0 on identical samples, in any order and however often repeated, and 1 on samples apart', () => {
    expect(ksStatistic(reference, random.shuffle([...reference, ...reference]))).toBe(0);
    expect(ksStatistic([1, 2], [3, 4, 5])).toBe(1);
    expect(ksStatistic([-0, 0], [0])).toBe(0);
  });

  test('is symmetric, and unchanged by an increasing map or another order', () => {
    const value = ksStatistic(reference, current);
    expect(ksStatistic(current, reference)).toBe(value);
    expect(ksStatistic(random.shuffle([...reference]), random.shuffle([...current]))).toBe(value);
    const map = (x: number) => Math.exp(x / 30);
    expect(ksStatistic(reference.map(map), current.map(map))).toBe(value);
  });

  test('takes infinite values as extremes', () => {
    expect(ksStatistic([-Infinity, 0], [0, Infinity])).toBe(0.5);
  });

  test('leaves its inputs alone', () => {
    expect(ksStatistic(Object.freeze([3, 1, 2]), Object.freeze([2, 5]))).toBeCloseTo(0.5, 12);
  });
});

test('refuses NaN and says in which sample', () => {
  expect(() => ksStatistic([1], [2, Number.NaN])).toThrow(RangeError);
  expect(() => ksStatistic([1], [2, Number.NaN])).toThrow(/^ksStatistic .* NaN in the current sample/);
});
