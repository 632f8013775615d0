import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import { type Observed, suggest } from '../../../../trainer/builtin/search/parzen.js';
import type { Point } from '../../../../trainer/builtin/search/space.js';

/** A bowl in two of four dimensions; the others say nothing. */
const loss = ([x, y]: Point): number => (x! - 0.8) ** 2 + (y! - 0.3) ** 2;

function runSearch(seed: number, trials: number, learns: boolean): number {
  const random = createRandom(seed);
  const observed: Observed[] = [];
  for (let i = 0; i < trials; i++) {
    const point = suggest(learns && i >= 8 ? observed : [], 4, random);
    observed.push({ point, score: loss(point) });
  }
  return Math.min(...observed.map(({ score }) => score));
}

test('finds a better point than random draws do, in as many trials', () => {
  const seeds = Array.from({ length: 40 }, (_, i) => i * 101);
  const mean = (learns: boolean): number =>
    seeds.reduce((sum, seed) => sum + runSearch(seed, 40, learns), 0) / seeds.length;
  expect(mean(true)).toBeLessThan(mean(false) / 2);
});

test('stays within [0, 1], also where the best points lie on the border', () => {
  const observed = Array.from({ length: 20 }, (_, i) => ({ point: [i < 4 ? 0 : 1, i < 4 ? 1 : 0.5], score: i }));
  const random = createRandom(1);
  const points = Array.from({ length: 200 }, () => suggest(observed, 2, random));
  expect(points.flat().every((coordinate) => coordinate >= 0 && coordinate <= 1)).toBe(true);
  const near = points.filter(([x, y]) => x! < 0.5 && y! > 0.5);
  expect(near.length).toBeGreaterThan(150);
});

test('without anything observed the draw is uniform', () => {
  const random = createRandom(2);
  const mean = Array.from({ length: 500 }, () => suggest([], 1, random)[0]!).reduce((sum, x) => sum + x, 0) / 500;
  // A mean of 500 uniform draws has a standard deviation of .013.
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.052);
});
