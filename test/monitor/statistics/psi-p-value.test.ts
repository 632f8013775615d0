import { expect, test } from 'vitest';
import { psiNullBand } from '../../../monitor/statistics/psi-null-band.js';
import { psiPValue } from '../../../monitor/statistics/psi-p-value.js';
import fixture from '../../fixtures/statistics/psi.json' with { type: 'json' };

test(`equals scipy's chi-square tail on ${fixture.cases.length} random cases`, () => {
  for (const { reference, current, psi, pValue } of fixture.cases) {
    const [referenceRows, currentRows] = [reference, current].map((counts) => counts.reduce((a, b) => a + b));
    const input = { psi, referenceRows: referenceRows!, currentRows: currentRows!, bins: reference.length };
    expect(Math.abs(psiPValue(input) - pValue)).toBeLessThan(1e-12);
  }
});

test('is alpha at the null band of alpha', () => {
  for (const alpha of [0.2, 0.05, 0.01, 1e-4]) {
    const sizes = { referenceRows: 3918, currentRows: 200, bins: 12 };
    expect(psiPValue({ psi: psiNullBand({ ...sizes, alpha }), ...sizes })).toBeCloseTo(alpha, 12);
  }
});

test('is 1 without any difference, and about 0.05 in the example of its docstring', () => {
  expect(psiPValue({ psi: 0, referenceRows: 10, currentRows: 10, bins: 2 })).toBe(1);
  expect(psiPValue({ psi: 0.0372, referenceRows: 5000, currentRows: 500, bins: 10 }).toFixed(4)).toBe('0.0502');
});

test.each([
  [{ psi: -0.1 }, /^psiPValue requires an index of 0 or more, got -0.1/],
  [{ psi: Number.NaN }, /got NaN/],
  [{ bins: 1 }, /at least 2, got 1/],
  [{ referenceRows: -5 }, /got -5 reference/],
])('refuses %j', (change, message) => {
  const input = { psi: 0.1, referenceRows: 100, currentRows: 50, bins: 10, ...change };
  expect(() => psiPValue(input)).toThrow(RangeError);
  expect(() => psiPValue(input)).toThrow(message);
});
