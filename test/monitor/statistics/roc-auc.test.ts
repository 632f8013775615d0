import { expect, test } from 'vitest';
import { rocAuc } from '../../../monitor/statistics/roc-auc.js';
import fixture from '../../fixtures/statistics/roc-auc.json' with { type: 'json' };
import { expectNear } from './near.js';

test(`equals scikit-learn on ${fixture.cases.length} random cases with ties`, () => {
  for (const { scores, positives, auc } of fixture.cases) {
    const classes = positives.map(Boolean);
    expectNear(rocAuc(Object.freeze(scores), Object.freeze(classes)), auc, 1e-12);
    expectNear(
      rocAuc(
        scores.map((score) => -score),
        classes,
      ),
      1 - auc,
      1e-12,
    );
    expectNear(rocAuc(scores.map(Math.exp), classes), auc, 1e-12);
  }
});

test('the example of its docstring; NaN with one class only', () => {
  expect(rocAuc([0.1, 0.4, 0.35, 0.8], [false, false, true, true])).toBe(0.75);
  expect(rocAuc([1, 1, 1], [true, false, false])).toBe(0.5);
  expect(rocAuc([1, 2], [true, true])).toBeNaN();
  expect(rocAuc([], [])).toBeNaN();
});

test('refuses scores without a class, and NaN', () => {
  expect(() => rocAuc([1, 2], [true])).toThrow(/a class for each score, got 2 and 1/);
  expect(() => rocAuc([1, Number.NaN], [true, false])).toThrow(/got NaN/);
});
