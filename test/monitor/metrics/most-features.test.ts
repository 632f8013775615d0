import { expect, test } from 'vitest';
import { MOST_FEATURES, mostFeatures } from '../../../monitor/metrics/most-features.js';

test('of too many features those of the highest rank stay, the others in their order', () => {
  const features = Array.from({ length: MOST_FEATURES + 5 }, (_, i) => ({
    name: i,
    rank: i === MOST_FEATURES + 3 ? 2 : 0,
  }));
  const kept = mostFeatures(features, ({ rank }) => rank);
  expect(kept.map(({ name }) => name)).toEqual([
    MOST_FEATURES + 3,
    ...Array.from({ length: MOST_FEATURES - 1 }, (_, i) => i),
  ]);
});
