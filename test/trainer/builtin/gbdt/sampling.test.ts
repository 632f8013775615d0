import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import { sampleFeatures, sampleRows } from '../../../../trainer/builtin/gbdt/sampling.js';

test('rows are split into drawn and other ones, both ascending, at the share asked for', () => {
  const rows = Int32Array.from({ length: 10_000 }, (_, i) => i * 2);
  const order = new Int32Array(10_003);
  const drawn = sampleRows(rows, 0.8, createRandom(1), order);
  // Four standard deviations of a binomial count.
  expect(Math.abs(drawn - 8000)).toBeLessThan(4 * Math.sqrt(10_000 * 0.8 * 0.2));
  const [inside, outside] = [order.subarray(0, drawn), order.subarray(drawn, 10_000)];
  expect(inside).toEqual(inside.slice().sort());
  expect(outside).toEqual(outside.slice().sort());
  expect(order.slice(0, 10_000).sort()).toEqual(rows);
});

test('features are drawn without repetition, each as often as the others', () => {
  const random = createRandom(2);
  const counts = new Array<number>(5).fill(0);
  for (let i = 0; i < 5000; i++) {
    const features = sampleFeatures(5, 0.8, random);
    expect([...new Set(features)].sort()).toEqual([...features]);
    expect(features.length).toBe(4);
    for (const feature of features) counts[feature]!++;
  }
  for (const count of counts) expect(Math.abs(count - 4000)).toBeLessThan(4 * Math.sqrt(5000 * 0.8 * 0.2));
});

test('at least one feature is drawn', () => {
  expect(sampleFeatures(1, 0.1, createRandom(1))).toEqual(Int32Array.of(0));
});
