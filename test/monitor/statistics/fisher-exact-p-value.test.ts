import { expect, test } from 'vitest';
import { fisherExactPValue } from '../../../monitor/statistics/fisher-exact-p-value.js';
import fixture from '../../fixtures/statistics/chi-square.json' with { type: 'json' };
import { alarmRate, drawCounts } from './alarm-rate.js';

function pValueOf(reference: readonly number[], current: readonly number[]): number {
  return fisherExactPValue({
    reference: { inside: reference[0]!, outside: reference[1]! },
    current: { inside: current[0]!, outside: current[1]! },
  });
}

test(`equals scipy on ${fixture.fisher.length} random tables`, () => {
  expect(fixture.fisher.length).toBeGreaterThanOrEqual(80);
  for (const { reference, current, pValue } of fixture.fisher) {
    expect(Math.abs(pValueOf(reference, current) - pValue)).toBeLessThan(1e-9);
    if (pValue > 1e-200) expect(Math.abs(pValueOf(reference, current) / pValue - 1)).toBeLessThan(1e-6);
  }
});

test('the example of its docstring', () => {
  expect(pValueOf([8, 2], [1, 5]).toFixed(4)).toBe('0.0350');
});

test('is 1 when a margin is empty, and the same with windows or sides exchanged', () => {
  expect(pValueOf([0, 0], [3, 4])).toBe(1);
  expect(pValueOf([0, 5], [0, 4])).toBe(1);
  expect(pValueOf([1, 5], [8, 2])).toBeCloseTo(pValueOf([8, 2], [1, 5]), 14);
  expect(pValueOf([2, 8], [5, 1])).toBeCloseTo(pValueOf([8, 2], [1, 5]), 14);
});

test('rejects 30 against 500 rows without drift at most as often as its level', () => {
  const rate = alarmRate({ runs: 4000, seed: 21 }, (random) => {
    const shares = [0.03, 0.97];
    return pValueOf(drawCounts(random, 500, shares), drawCounts(random, 30, shares)) <= 0.05;
  });
  expect(rate).toBeLessThan(0.05);
  expect(rate).toBeGreaterThan(0);
});

test.each([-1, 0.5, Number.NaN])('refuses a count of %d', (count) => {
  expect(() => pValueOf([count, 2], [3, 4])).toThrow(RangeError);
  expect(() => pValueOf([count, 2], [3, 4])).toThrow(`got ${count}`);
});
