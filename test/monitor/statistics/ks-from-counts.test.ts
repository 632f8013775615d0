import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { ksCriticalValue } from '../../../monitor/statistics/ks-critical-value.js';
import { ksFromCounts } from '../../../monitor/statistics/ks-from-counts.js';
import { ksStatistic } from '../../../monitor/statistics/ks-statistic.js';
import { alarmRate, draw, highestRate } from './alarm-rate.js';
import { countInto, quantileEdges } from './binning.js';

test('the example of its docstring', () => {
  expect(ksFromCounts([2, 2], [1, 3])).toEqual({ statistic: 0.25, errorBound: 0.5 });
});

describe('on 2000 random pairs, tied or not, in coarse or fine bins,', () => {
  const random = createRandom(3);
  const cases = Array.from({ length: 2000 }, (_, run) => {
    const unit = run % 2 === 0 ? 1 : 1e-9;
    const shift = random.next() * 2;
    const value = () => Math.round((random.normal() * 3) / unit) * unit;
    const reference = draw(1 + random.integer(150), value);
    const current = draw(1 + random.integer(60), () => value() + shift);
    const edges = quantileEdges(reference, 2 + random.integer(40));
    return { exact: ksStatistic(reference, current), counts: [reference, current].map((s) => countInto(edges, s)) };
  });

  test('the exact statistic lies between the binned one and its bound', () => {
    for (const { exact, counts } of cases) {
      const { statistic, errorBound } = ksFromCounts(counts[0]!, counts[1]!);
      expect(exact).toBeGreaterThanOrEqual(statistic - 1e-12);
      expect(exact).toBeLessThanOrEqual(statistic + errorBound + 1e-12);
    }
  });

  test('the bound is never above the largest share of a bin', () => {
    for (const { counts } of cases) {
      const largest = counts.map((c) => Math.max(...c) / c.reduce((a, b) => a + b));
      const { errorBound } = ksFromCounts(counts[0]!, counts[1]!);
      expect(errorBound).toBeGreaterThanOrEqual(0);
      expect(errorBound).toBeLessThanOrEqual(Math.max(...largest) + 1e-12);
    }
  });
});

test('the bound is reached when the rows of one window precede those of the other in a bin', () => {
  const reference = [1, 2, 3, 4];
  const current = [8, 9, 9.5];
  const { statistic, errorBound } = ksFromCounts(countInto([], reference), countInto([], current));
  expect(statistic + errorBound).toBe(ksStatistic(reference, current));
});

test('one bin a distinct value gives the exact statistic', () => {
  const random = createRandom(4);
  const reference = draw(300, () => random.integer(8));
  const current = draw(45, () => Math.min(7, random.integer(8) + random.integer(2)));
  const counts = [reference, current].map((sample) => countInto([1, 2, 3, 4, 5, 6, 7], sample));
  expect(ksFromCounts(counts[0]!, counts[1]!).statistic).toBe(ksStatistic(reference, current));
});

describe('properties', () => {
  const reference = Object.freeze([10, 20, 5, 0, 7]);
  const current = Object.freeze([1, 2, 9, 3, 0]);

  test('is symmetric, and 0 on proportional counts', () => {
    expect(ksFromCounts(current, reference)).toEqual(ksFromCounts(reference, current));
    expect(
      ksFromCounts(
        reference,
        reference.map((count) => 3 * count),
      ).statistic,
    ).toBe(0);
  });

  test('counts of two halves of a window add up to the counts of the window', () => {
    const random = createRandom(5);
    const sample = draw(500, () => random.normal());
    const edges = quantileEdges(sample, 50);
    const halves = [sample.slice(0, 180), sample.slice(180)].map((half) => countInto(edges, half));
    const merged = halves[0]!.map((count, bin) => count + halves[1]![bin]!);
    expect(merged).toEqual(countInto(edges, sample));
    expect(ksFromCounts(merged, countInto(edges, sample)).statistic).toBe(0);
  });

  test('an empty window gives NaN, neither 0 nor 1', () => {
    expect(ksFromCounts([0, 0], [1, 2])).toEqual({ statistic: Number.NaN, errorBound: Number.NaN });
  });
});

describe('with 100 quantile bins of the reference and the 5 % critical value', () => {
  const isAbove = (referenceRows: number, currentRows: number, shift: number) =>
    alarmRate({ runs: 1000, seed: 15 }, (random) => {
      const reference = draw(referenceRows, () => random.normal());
      const edges = quantileEdges(reference, 100);
      const current = draw(currentRows, () => random.normal() + shift);
      const { statistic } = ksFromCounts(countInto(edges, reference), countInto(edges, current));
      return statistic > ksCriticalValue({ referenceRows, currentRows, alpha: 0.05 });
    });

  test.each([
    [500, 30],
    [3000, 500],
  ])('%i against %i rows without drift alarm in at most 5 %, and in at least 1 %', (referenceRows, currentRows) => {
    const rate = isAbove(referenceRows, currentRows, 0);
    expect(rate).toBeLessThan(highestRate(0.05, 1000));
    expect(rate).toBeGreaterThan(0.01);
  });

  test('half a sigma at 500 rows alarms in at least 99 %', () => {
    expect(isAbove(3000, 500, 0.5)).toBeGreaterThanOrEqual(0.99);
  });
});

test.each([
  [[1], [1, 2], /^ksFromCounts requires the same bins/],
  [[], [], /at least 1 bins, got 0/],
  [[1, 2], [1, -1], /got -1 in current bin 1/],
])('refuses %j against %j', (reference, current, message) => {
  expect(() => ksFromCounts(reference, current)).toThrow(RangeError);
  expect(() => ksFromCounts(reference, current)).toThrow(message);
});
