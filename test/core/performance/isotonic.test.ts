import { describe, expect, test } from 'vitest';
import { fitIsotonic, interpolate } from '../../../core/performance/isotonic.js';
import fixture from '../../fixtures/performance/isotonic.json' with { type: 'json' };

describe('equals scikit-learn', () => {
  test.each(fixture.cases.map((known, i) => ({ ...known, i })))('case $i', ({ scores, truths, asked, answers }) => {
    const knots = fitIsotonic(Object.freeze(scores), Object.freeze(truths));
    asked.forEach((score, i) => void expect(interpolate(knots, score)).toBeCloseTo(answers[i]!, 12));
  });
});

test('never falls, and stays between the least and the greatest truth', () => {
  const knots = fitIsotonic([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0, 1, 0, 1, 0, 1]);
  expect(knots.y).toEqual([...knots.y].sort((a, b) => a - b));
  expect(interpolate(knots, -1)).toBe(0);
  expect(interpolate(knots, 2)).toBe(1);
});

test('refuses no scores, and lengths that differ', () => {
  expect(() => fitIsotonic([], [])).toThrow(RangeError);
  expect(() => fitIsotonic([1], [1, 0])).toThrow('as many truths as scores');
});
