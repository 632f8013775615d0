import { describe, expect, test } from 'vitest';
import { binomialLowerBound } from '../../../monitor/statistics/binomial-lower-bound.js';
import { binomialUpperTail } from '../../../monitor/statistics/binomial-upper-tail.js';
import { exceedancePValue } from '../../../monitor/statistics/exceedance-p-value.js';
import { fisherExactUpperPValue } from '../../../monitor/statistics/fisher-exact-upper-p-value.js';
import { newcombeInterval } from '../../../monitor/statistics/newcombe-interval.js';
import { wilsonInterval } from '../../../monitor/statistics/wilson-interval.js';
import fixture from '../../fixtures/statistics/rates.json' with { type: 'json' };
import { alarmRate, draw, highestRate, lowestRate } from './alarm-rate.js';
import { expectNear } from './near.js';

const table = (c: { count: number; rows: number }) => ({ inside: c.count, outside: c.rows - c.count });

test(`equal scipy and statsmodels on ${fixture.cases.length} random pairs of rates`, () => {
  for (const { reference, current, share, ...expected } of fixture.cases) {
    const wilson = wilsonInterval(current.count, current.rows);
    expectNear(wilson.low, expected.wilson[0]!);
    expectNear(wilson.high, expected.wilson[1]!);
    const newcombe = newcombeInterval({ reference, current });
    expectNear(newcombe.low, expected.newcombe[0]!);
    expectNear(newcombe.high, expected.newcombe[1]!);
    expectNear(binomialLowerBound(current.count, current.rows), expected.lowerBound);
    expectNear(binomialUpperTail(current.count, current.rows, share), expected.upperTail);
    const upper = fisherExactUpperPValue({ reference: table(reference), current: table(current) });
    expectNear(upper, expected.fisherUpper);
  }
});

test(`exceedances equal the count of orders on ${fixture.exceedances.length} random cases`, () => {
  for (const { pValue, ...input } of fixture.exceedances) {
    // Relative: these are small.
    expect(Math.abs(exceedancePValue(input) / pValue - 1)).toBeLessThan(1e-9);
  }
});

describe('known answers', () => {
  // Newcombe 1998, table II, example (a), method 10: 56/70 against 48/80.
  test('Newcombe’s example', () => {
    const { low, high } = newcombeInterval({ reference: { count: 48, rows: 80 }, current: { count: 56, rows: 70 } });
    expect([low.toFixed(4), high.toFixed(4)]).toEqual(['0.0524', '0.3339']);
  });
  test('the examples of the docstrings', () => {
    expect(wilsonInterval(0, 100).high.toFixed(4)).toBe('0.0370');
    expect(binomialUpperTail(3, 3, 0.5)).toBeCloseTo(0.125, 12);
    expect(binomialLowerBound(5, 100).toFixed(4)).toBe('0.0199');
    expect(exceedancePValue({ referenceRows: 3, currentRows: 1, beyond: 1 })).toBe(0.25);
    const p = fisherExactUpperPValue({ reference: { inside: 1, outside: 5 }, current: { inside: 8, outside: 2 } });
    expect(p.toFixed(4)).toBe('0.0245');
  });
});

test('the ends: no row, all rows, a rate of 0 or 1', () => {
  expect(wilsonInterval(0, 5).low).toBe(0);
  expect(wilsonInterval(5, 5).high).toBe(1);
  expect(binomialUpperTail(0, 0, 0.5)).toBe(1);
  expect(binomialUpperTail(6, 5, 0.5)).toBe(0);
  expect(binomialUpperTail(1, 5, 0)).toBe(0);
  expect(binomialUpperTail(5, 5, 1)).toBe(1);
  expect(binomialLowerBound(0, 9)).toBe(0);
  expectNear(binomialLowerBound(9, 9, 0.95), 0.05 ** (1 / 9));
  expect(exceedancePValue({ referenceRows: 9, currentRows: 9, beyond: 0 })).toBe(1);
});

describe('without drift, at 3,000 against 200 heavy-tailed rows', () => {
  const runs = 2_000;
  const heavy = (random: { normal(): number }): number => Math.exp(2 * random.normal());

  test('rows above the greatest reference value pass 5 % in 5 % of windows at most', () => {
    const rate = alarmRate({ runs, seed: 3 }, (random) => {
      const greatest = Math.max(...draw(3_000, () => heavy(random)));
      const beyond = draw(200, () => heavy(random)).filter((x) => x > greatest).length;
      return exceedancePValue({ referenceRows: 3_000, currentRows: 200, beyond }) <= 0.05;
    });
    expect(rate).toBeLessThan(highestRate(0.05, runs));
    expect(rate).toBeGreaterThan(0);
  });

  test('the 95 % interval of a difference of rates holds the true difference about as often', () => {
    const rate = alarmRate({ runs, seed: 4 }, (random) => {
      const count = (rows: number) => draw(rows, () => random.next()).filter((x) => x < 0.03).length;
      const { low, high } = newcombeInterval({
        reference: { count: count(3_000), rows: 3_000 },
        current: { count: count(200), rows: 200 },
      });
      return low <= 0 && 0 <= high;
    });
    expect(rate).toBeGreaterThan(lowestRate(0.95, runs) - 0.02);
  });
});

test.each([
  [() => wilsonInterval(6, 5), /^wilsonInterval requires 0 <= count <= rows/],
  [() => wilsonInterval(0, 0), RangeError],
  [() => newcombeInterval({ reference: { count: 0, rows: 0 }, current: { count: 1, rows: 2 } }), RangeError],
  [() => binomialUpperTail(0.5, 5, 0.1), /^binomialUpperTail requires whole counts/],
  [() => binomialUpperTail(1, 5, 1.1), RangeError],
  [() => binomialLowerBound(6, 5), /^binomialLowerBound requires/],
  [() => binomialLowerBound(1, 5, 1), RangeError],
  [() => exceedancePValue({ referenceRows: 0, currentRows: 5, beyond: 1 }), /^exceedancePValue requires/],
  [() => exceedancePValue({ referenceRows: 5, currentRows: 5, beyond: 6 }), RangeError],
  [
    () => fisherExactUpperPValue({ reference: { inside: 0.5, outside: 1 }, current: { inside: 1, outside: 1 } }),
    /got 0.5/,
  ],
])('refuses what is no rate (%#)', (call, error) => {
  expect(call).toThrow(error);
});
