import { expect, test } from 'vitest';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import { agreementRate } from '../../../trainer/compare/agreement.js';
import { compareAnswers } from '../../../trainer/compare/compare.js';
import { assertFastEnough } from '../../../trainer/compare/latency.js';

const manifest = {
  name: 'prices',
  task: 'regression',
  target: 'price',
  classes: [],
  features: [{ name: 'area', type: 'numeric', missing: false, outOfRange: 'flag' }],
  retraining: { metric: 'mae' },
} as unknown as Manifest;

function prices(rows: number, seed: number) {
  const random = createRandom(seed);
  const areas = Array.from({ length: rows }, () => 50 + random.integer(100));
  const noise = areas.map(() => 5 * random.normal());
  return {
    manifest,
    rows: {
      instances: areas.map((area) => ({ area })),
      targets: areas.map((area, i) => String(3 * area + noise[i]!)),
    },
    // The champion is 20 too high everywhere, the challenger right but for the noise.
    champion: { rows, values: Float32Array.from(areas, (area) => 3 * area + 20) },
    challenger: { rows, values: Float32Array.from(areas, (area) => 3 * area) },
    seed: 1,
  };
}

test('compares prices by mean absolute error, over clusters of equal areas', () => {
  const comparison = compareAnswers(prices(400, 1));
  expect(comparison).toMatchObject({ metric: 'mae', rows: 400, resamples: 2000 });
  expect(comparison.clusters).toBe(new Set(prices(400, 1).rows.instances.map((i) => i.area)).size);
  expect(comparison.champion).toBeCloseTo(20, 0);
  // The mean absolute value of a normal deviate with standard deviation 5 is 5 * sqrt(2 / pi) = 3.99.
  expect(comparison.challenger).toBeCloseTo(3.99, 0);
  expect(comparison.improvement).toBeCloseTo(comparison.champion - comparison.challenger, 12);
  expect(comparison.interval.low).toBeGreaterThan(15);
  expect(comparison.interval.high).toBeLessThan(17);
  expect(compareAnswers(prices(400, 1))).toEqual(comparison);
});

test('rows that differ in a text which the model gets the length of are one cluster', () => {
  const { rows, ...answers } = prices(400, 1);
  const wordy = {
    ...manifest,
    inputs: [
      { name: 'area', type: 'numeric', missing: false },
      { name: 'title', type: 'text', missing: false },
    ],
    features: [
      ...manifest.features,
      { name: 'words', type: 'numeric', missing: false, outOfRange: 'flag', from: { step: 'words', of: ['title'] } },
    ],
  } as Manifest;
  const instances = rows.instances.map(({ area }, i) => ({ area, title: `home number-${i}` }));
  const comparison = compareAnswers({ ...answers, manifest: wordy, rows: { ...rows, instances } });
  expect(comparison.clusters).toBe(compareAnswers({ ...answers, rows }).clusters);
});

test('counts two values as agreeing within a tenth of the standard deviation of the truth', () => {
  const targets = ['0', '10', '20', '30'];
  // The population standard deviation is sqrt(125) = 11.18.
  const one = { rows: 4, values: Float32Array.of(0, 10, 20, 30) };
  const other = { rows: 4, values: Float32Array.of(1.1, 8.9, 21.2, 40) };
  expect(agreementRate(one, other, targets)).toBe(0.5);
});

test('counts equal classes as agreeing', () => {
  const one = { rows: 4, labels: ['a', 'b', 'a', 'c'] };
  const other = { rows: 4, labels: ['a', 'a', 'a', 'c'] };
  expect(agreementRate(one, other, ['a', 'a', 'a', 'a'])).toBe(0.75);
});

test.each([
  [150, 0.1, true],
  [201, 0.1, false],
  [900, 20, true],
  [1001, 20, false],
])('a challenger of %s µs a row beside a champion of %s', (challenger, champion, fast) => {
  const check = (): void => assertFastEnough(challenger, champion);
  if (fast) expect(check).not.toThrow();
  else expect(check).toThrow(`the challenger takes ${challenger} µs a row`);
});
