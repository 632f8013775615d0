import { describe, expect, test } from 'vitest';
import { chiSquareHomogeneity } from '../../../monitor/statistics/chi-square-homogeneity.js';
import fixture from '../../fixtures/statistics/chi-square.json' with { type: 'json' };
import { alarmRate, drawCounts, highestRate, lowestRate } from './alarm-rate.js';

// Counts of Evidently's tests/stattests/test_stattests.py, whose goodness-of-fit p-value is 0.673.
test('known answer: chi-square 1.622409, p 0.898526', () => {
  const answer = chiSquareHomogeneity([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]);
  expect(answer.statistic).toBeCloseTo(1.622409, 6);
  expect(answer.pValue).toBeCloseTo(0.898526, 6);
  expect(answer.degreesOfFreedom).toBe(5);
  expect(answer.cramersV).toBeCloseTo(Math.sqrt(1.622409 / 176), 6);
});

test(`equals scipy on ${fixture.cases.length} random tables, pooled or not`, () => {
  expect(fixture.cases.length).toBeGreaterThanOrEqual(140);
  for (const { reference, current, minimumExpected, ...expected } of fixture.cases) {
    const answer = chiSquareHomogeneity(reference, current, { minimumExpected });
    expect(Math.abs(answer.statistic - expected.statistic)).toBeLessThan(1e-9 * Math.max(1, expected.statistic));
    expect(answer.degreesOfFreedom).toBe(expected.degreesOfFreedom);
    expect(Math.abs(answer.pValue - expected.pValue)).toBeLessThan(1e-9);
    expect(Math.abs(answer.cramersV - expected.cramersV)).toBeLessThan(1e-9);
  }
});

describe('properties', () => {
  const reference = Object.freeze([120, 60, 40, 3, 2, 0]);
  const current = Object.freeze([30, 10, 12, 1, 4, 0]);

  test('is symmetric, and the same in any order of the categories', () => {
    const answer = chiSquareHomogeneity(reference, current);
    const others = [
      chiSquareHomogeneity(current, reference),
      chiSquareHomogeneity(reference.toReversed(), current.toReversed()),
    ];
    for (const other of others) {
      expect(other.statistic).toBeCloseTo(answer.statistic, 10);
      expect(other.pValue).toBeCloseTo(answer.pValue, 12);
      expect(other.degreesOfFreedom).toBe(answer.degreesOfFreedom);
    }
  });

  test('is 0 on proportional counts', () => {
    const answer = chiSquareHomogeneity(
      reference,
      reference.map((count) => 4 * count),
    );
    expect(answer.statistic).toBeCloseTo(0, 10);
    expect(answer.pValue).toBeCloseTo(1, 10);
    expect(answer.cramersV).toBeCloseTo(0, 6);
  });

  test("Cramér's V is 1 when the windows share no category", () => {
    expect(chiSquareHomogeneity([50, 50, 0, 0], [0, 0, 30, 30]).cramersV).toBeCloseTo(1, 12);
  });
});

describe('small cells', () => {
  test('are pooled until the smaller window expects five rows in each', () => {
    // 530 rows, 30 of them current: a column needs 89 rows in all. 20 + 25 + 55 make one such.
    const answer = chiSquareHomogeneity([280, 130, 50, 20, 20], [10, 10, 5, 5, 0]);
    expect(answer.degreesOfFreedom).toBe(2);
    expect(answer.statistic).toBeCloseTo(
      chiSquareHomogeneity([280, 130, 90], [10, 10, 10], { minimumExpected: 0 }).statistic,
      10,
    );
  });

  test('a cell that expects exactly five rows is not pooled', () => {
    // Equal windows: a column expects half its total.
    expect(chiSquareHomogeneity([4, 20, 6], [6, 10, 14]).degreesOfFreedom).toBe(2);
    expect(chiSquareHomogeneity([4, 20, 6], [5, 10, 15]).degreesOfFreedom).toBe(1);
  });

  test('a rare category that fills a third of a short window is seen by the exact test', () => {
    const answer = chiSquareHomogeneity([500, 0], [20, 10]);
    expect(answer.degreesOfFreedom).toBe(1);
    expect(answer.pValue).toBeLessThan(1e-9);
  });

  test('a single category can tell nothing', () => {
    const nothing = { statistic: 0, degreesOfFreedom: 0, pValue: 1, cramersV: 0 };
    expect(chiSquareHomogeneity([400], [30])).toEqual(nothing);
    expect(chiSquareHomogeneity([0, 400, 0], [0, 30, 0])).toEqual(nothing);
  });

  test('a hundred thousand categories take well under a second', () => {
    const counts = new Uint32Array(100_000).fill(1);
    const startMs = performance.now();
    expect(chiSquareHomogeneity(counts, counts).pValue).toBeCloseTo(1, 10);
    expect(performance.now() - startMs).toBeLessThan(1000);
  });
});

const SKEWED = [0.6, 0.2, 0.1, 0.05, 0.03, 0.015, 0.005];

describe('without drift, over seven categories of 60 % to 0.5 %,', () => {
  test.each([
    [500, 30],
    [30, 500],
    [3000, 500],
  ])('%i against %i rows reject about as often as alpha', (referenceRows, currentRows) => {
    const runs = 4000;
    for (const alpha of [0.05, 0.01]) {
      const rate = alarmRate({ runs, seed: 19 }, (random) => {
        const reference = drawCounts(random, referenceRows, SKEWED);
        return chiSquareHomogeneity(reference, drawCounts(random, currentRows, SKEWED)).pValue <= alpha;
      });
      expect(rate).toBeLessThan(highestRate(alpha, runs));
      expect(rate).toBeGreaterThan(lowestRate(alpha, runs));
    }
  });

  test('not pooling would reject 30 against 500 rows at twice the level of 1 % or more', () => {
    const rate = alarmRate({ runs: 4000, seed: 19 }, (random) => {
      const [reference, current] = [drawCounts(random, 500, SKEWED), drawCounts(random, 30, SKEWED)];
      return chiSquareHomogeneity(reference, current, { minimumExpected: 0 }).pValue <= 0.01;
    });
    expect(rate).toBeGreaterThan(0.02);
  });
});

test('a category going from 10 % to 25 % is seen at 500 rows in at least 99 % of windows', () => {
  const rate = alarmRate({ runs: 500, seed: 20 }, (random) => {
    const reference = drawCounts(random, 3000, [0.6, 0.3, 0.1]);
    return chiSquareHomogeneity(reference, drawCounts(random, 500, [0.5, 0.25, 0.25])).pValue <= 0.01;
  });
  expect(rate).toBeGreaterThanOrEqual(0.99);
});

test.each([
  [[1, 2], [1], {}, /^chiSquareHomogeneity requires the same bins/],
  [[1, 2], [0, 0], {}, /rows in both windows, got 3 reference and 0 current/],
  [[1, -2], [1, 1], {}, /got -2 in reference bin 1/],
  [[1, 2], [1, 1], { minimumExpected: -1 }, /minimumExpected of 0 or more, got -1/],
])('refuses %j against %j with %j', (reference, current, options, message) => {
  expect(() => chiSquareHomogeneity(reference, current, options)).toThrow(RangeError);
  expect(() => chiSquareHomogeneity(reference, current, options)).toThrow(message);
});
