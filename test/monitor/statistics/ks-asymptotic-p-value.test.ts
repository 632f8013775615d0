import { expect, test } from 'vitest';
import { ksAsymptoticPValue } from '../../../monitor/statistics/ks-asymptotic-p-value.js';
import fixture from '../../fixtures/statistics/kolmogorov-smirnov.json' with { type: 'json' };

test('equals the Kolmogorov distribution of scipy on random cases of every size', () => {
  for (const { referenceRows, currentRows, statistic, asymptotic } of fixture.pValues) {
    const pValue = ksAsymptoticPValue({ statistic, referenceRows, currentRows });
    expect(Math.abs(pValue - asymptotic)).toBeLessThan(1e-12);
  }
  for (const { reference, current, statistic, asymptotic } of fixture.samples) {
    const input = { statistic, referenceRows: reference.length, currentRows: current.length };
    expect(Math.abs(ksAsymptoticPValue(input) - asymptotic)).toBeLessThan(1e-12);
  }
});

// A shift of 0.02 sigma moves D by 0.0079787: nothing at ten thousand rows, beyond doubt at a million.
test('says that a difference too small to matter is certain, given enough rows', () => {
  const pValue = (rows: number) => ksAsymptoticPValue({ statistic: 0.0079787, referenceRows: rows, currentRows: rows });
  expect(pValue(1e4)).toBeCloseTo(0.91, 2);
  expect(pValue(1e6) / 4.5e-28).toBeCloseTo(1, 1);
});

test('the example of its docstring, and the ends of the range', () => {
  expect(ksAsymptoticPValue({ statistic: 0.1, referenceRows: 1000, currentRows: 500 }).toFixed(4)).toBe('0.0025');
  expect(ksAsymptoticPValue({ statistic: 0, referenceRows: 9, currentRows: 5 })).toBe(1);
  expect(ksAsymptoticPValue({ statistic: Number.NaN, referenceRows: 9, currentRows: 5 })).toBeNaN();
});

test.each([
  [{ statistic: 1.1 }, /^ksAsymptoticPValue requires a statistic between 0 and 1, got 1.1/],
  [{ statistic: -0.1 }, /got -0.1/],
  [{ currentRows: 0 }, /got 10 reference and 0 current/],
])('refuses %j', (change, message) => {
  const input = { statistic: 0.5, referenceRows: 10, currentRows: 10, ...change };
  expect(() => ksAsymptoticPValue(input)).toThrow(RangeError);
  expect(() => ksAsymptoticPValue(input)).toThrow(message);
});
