import { describe, expect, test } from 'vitest';
import { defaultCandidate } from '../../../../trainer/builtin/candidate.js';
import { FAMILIES } from '../../../../trainer/builtin/model.js';
import { coordinateOf, createSpace, pointOf, valueAt } from '../../../../trainer/builtin/search/space.js';
import { asClasses, asRegression, makeScored } from '../synthetic.js';

const scored = makeScored({ rows: 100, seed: 1, categories: 4 });
const classes = { task: 'binary', dataset: asClasses(scored, 2), classCount: 2 } as const;
const values = { task: 'regression', dataset: asRegression(scored), classCount: 0 } as const;

test('coordinates and values go both ways, and whole numbers have equal parts', () => {
  const whole = { name: 'n', least: 1, most: 4, whole: true } as const;
  expect([0, 0.24, 0.26, 0.6, 0.99, 1].map((at) => valueAt(whole, at))).toEqual([1, 1, 2, 3, 4, 4]);
  const log = { name: 'l', least: 0.01, most: 100, log: true } as const;
  expect(valueAt(log, 0.5)).toBeCloseTo(1, 12);
  expect(coordinateOf(log, valueAt(log, 0.37))).toBeCloseTo(0.37, 12);
});

describe.each(FAMILIES)('%s', (family) => {
  test('has candidates at every corner and in the middle, and finds their points again', () => {
    for (const input of [classes, values]) {
      const space = createSpace(family, input);
      for (const at of [0, 0.5, 1]) {
        const candidate = space.candidateAt(space.dimensions.map(() => at));
        expect(candidate.family).toBe(family);
        const point = pointOf(space, candidate);
        const again = pointOf(space, space.candidateAt(point));
        for (const [i, coordinate] of point.entries()) expect(again[i]).toBeCloseTo(coordinate, 10);
      }
    }
  });

  test('its default is a point of the space', () => {
    const space = createSpace(family, classes);
    const usual = defaultCandidate(family, 'binary', classes.dataset, 2);
    expect(pointOf(space, usual).every((coordinate) => coordinate >= 0 && coordinate <= 1)).toBe(true);
  });
});

test('the logarithm of the target is a choice only where every target is above 0', () => {
  const names = (input: typeof values) => createSpace('linear', input).dimensions.map(({ name }) => name);
  expect(names(values)).toContain('logTarget');
  const target = values.dataset.target.with(0, 0);
  expect(names({ ...values, dataset: { ...values.dataset, target } })).not.toContain('logTarget');
});

test('with a ranking the most important features are kept', () => {
  const space = createSpace('linear', { ...classes, ranking: [3, 0, 4, 1, 2] });
  const point = space.dimensions.map(({ name }) => (name === 'features' ? 0.5 : 0));
  expect(space.candidateAt(point).features).toEqual([0, 3, 4]);
});
