import { describe, expect, test } from 'vitest';
import { benjaminiHochberg } from '../../../monitor/statistics/benjamini-hochberg.js';
import fixture from '../../fixtures/statistics/benjamini-hochberg.json' with { type: 'json' };
import { alarmRate, draw, highestRate, lowestRate } from './alarm-rate.js';

describe('known answers', () => {
  // scipy, test_morestats.py, TestFDRControl.
  test('eight p-values and their adjusted values', () => {
    const adjusted = benjaminiHochberg([0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387]);
    const expected = [0.036, 0.036, 0.044, 0.044, 0.082, 0.135, 0.387, 0.387];
    adjusted.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 3);
    });
  });

  test('the fifteen of Benjamini & Hochberg 1995, section 3.2: four rejected at 5 %, by Bonferroni three', () => {
    const pValues = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
    ];
    expect(benjaminiHochberg(pValues).map((value) => value <= 0.05)).toEqual(pValues.map((_, index) => index < 4));
    expect(pValues.filter((pValue) => pValue <= 0.05 / 15)).toHaveLength(3);
  });
});

test(`equals scipy on ${fixture.cases.length} random families, a third of them tied`, () => {
  expect(fixture.cases.length).toBeGreaterThanOrEqual(60);
  for (const { pValues, adjusted } of fixture.cases) {
    benjaminiHochberg(pValues).forEach((value, index) => {
      expect(Math.abs(value - adjusted[index]!)).toBeLessThan(1e-12);
    });
  }
});

test('follows the order given and leaves its input alone', () => {
  const adjusted = benjaminiHochberg(Object.freeze([0.01, 0.04, 0.03]));
  [0.03, 0.04, 0.04].forEach((value, index) => {
    expect(adjusted[index]).toBeCloseTo(value, 14);
  });
  const back = benjaminiHochberg([0.03, 0.04, 0.01]);
  expect(back).toEqual(adjusted.toReversed());
});

test('takes no hypothesis, one, and those without any evidence', () => {
  expect(benjaminiHochberg([])).toEqual([]);
  expect(benjaminiHochberg([0.2])).toEqual([0.2]);
  expect(benjaminiHochberg([1, 1, 0])).toEqual([1, 1, 0]);
});

test('of 20 features without drift, one or more is rejected about as often as q; untouched, in most windows', () => {
  const runs = 4000;
  const anyBelow = (q: number, adjust: (pValues: number[]) => number[]) =>
    alarmRate({ runs, seed: 22 }, (random) => adjust(draw(20, random.next)).some((pValue) => pValue <= q));
  const rate = anyBelow(0.05, benjaminiHochberg);
  expect(rate).toBeLessThan(highestRate(0.05, runs));
  expect(rate).toBeGreaterThan(lowestRate(0.05, runs));
  expect(anyBelow(0.05, (pValues) => pValues)).toBeGreaterThan(0.6);
});

test.each([-0.1, 1.5, Number.NaN])('refuses a p-value of %d and says where', (pValue) => {
  expect(() => benjaminiHochberg([0.5, pValue])).toThrow(RangeError);
  expect(() => benjaminiHochberg([0.5, pValue])).toThrow(`got ${pValue} at index 1`);
});
