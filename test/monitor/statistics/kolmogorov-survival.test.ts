import { expect, test } from 'vitest';
import { kolmogorovSurvival } from '../../../monitor/statistics/kolmogorov-survival.js';
import fixture from '../../fixtures/statistics/kolmogorov-smirnov.json' with { type: 'json' };

test('equals scipy from 0.05 to 10, on both sides of the switch of series', () => {
  expect(fixture.kolmogorov.length).toBeGreaterThan(60);
  for (const { x, survival } of fixture.kolmogorov) {
    expect(Math.abs(kolmogorovSurvival(x) - survival)).toBeLessThan(1e-14);
    if (x > 1.18) expect(Math.abs(kolmogorovSurvival(x) / survival - 1)).toBeLessThan(1e-12);
  }
});

test('falls from 1 to 0, and gives NaN for NaN', () => {
  expect(kolmogorovSurvival(-1)).toBe(1);
  expect(kolmogorovSurvival(0)).toBe(1);
  let before = 1;
  for (let x = 0.001; x < 5; x += 0.001) {
    const survival = kolmogorovSurvival(x);
    expect(survival).toBeLessThanOrEqual(before);
    before = survival;
  }
  expect(kolmogorovSurvival(Infinity)).toBe(0);
  expect(kolmogorovSurvival(Number.NaN)).toBeNaN();
});

test('the example of its docstring', () => {
  expect(kolmogorovSurvival(1.3580986393225505)).toBeCloseTo(0.05, 12);
});
