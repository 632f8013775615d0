import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { pairedClusterBootstrap } from '../../../trainer/compare/bootstrap.js';

/** Contributions of two models whose true improvement is known, on clusters of one to four equal rows. */
function simulate(seed: number, clusterCount: number) {
  const random = createRandom(seed);
  const champion: number[] = [];
  const challenger: number[] = [];
  const clusters: string[] = [];
  for (let c = 0; c < clusterCount; c++) {
    const right = random.next() < 0.6 ? 1 : 0;
    const changed = random.next() < 0.3;
    const other = changed ? (random.next() < 0.7 ? 1 : 0) : right;
    const rows = 1 + random.integer(4);
    for (let r = 0; r < rows; r++) {
      champion.push(right);
      challenger.push(other);
      clusters.push(String(c));
    }
  }
  return { champion: Float64Array.from(champion), challenger: Float64Array.from(challenger), clusters };
}
/** P(challenger right) - P(champion right) = 0.7 * 0.6 + 0.3 * 0.7 - 0.6. */
const TRUE_IMPROVEMENT = 0.03;

test('covers the true improvement in about 95 of 100 samples, with repeated rows', () => {
  const samples = 400;
  let covered = 0;
  for (let seed = 0; seed < samples; seed++) {
    const sample = simulate(seed, 200);
    const { low, high } = pairedClusterBootstrap({
      metric: 'accuracy',
      ...sample,
      resamples: 400,
      random: createRandom(seed + 10_000),
    });
    if (low <= TRUE_IMPROVEMENT && TRUE_IMPROVEMENT <= high) covered++;
  }
  // 95 % of 400 is 380, standard error 4.4; a percentile interval of 200 clusters falls short by about a point.
  expect(covered).toBeGreaterThanOrEqual(364);
  expect(covered).toBeLessThanOrEqual(393);
});

test('is wider than one that takes repeated rows for independent ones', () => {
  const sample = simulate(1, 200);
  const width = (clusters: string[]): number => {
    const interval = pairedClusterBootstrap({
      metric: 'accuracy',
      ...sample,
      clusters,
      resamples: 2000,
      random: createRandom(1),
    });
    return interval.high - interval.low;
  };
  const rowsAsClusters = sample.clusters.map((_, row) => String(row));
  expect(width(sample.clusters)).toBeGreaterThan(1.3 * width(rowsAsClusters));
});

test('is 0 to 0 for equal models, and the same for the same seed', () => {
  const { champion, clusters } = simulate(3, 50);
  const options = { metric: 'rmse' as const, champion, challenger: champion, clusters, resamples: 200 };
  expect(pairedClusterBootstrap({ ...options, random: createRandom(5) })).toEqual({ low: 0, high: 0, clusters: 50 });
  const sample = { ...options, challenger: simulate(4, 50).champion.slice(0, champion.length) };
  const padded = { ...sample, challenger: Float64Array.from(champion, (v, i) => sample.challenger[i] ?? v) };
  const once = pairedClusterBootstrap({ ...padded, random: createRandom(5) });
  expect(pairedClusterBootstrap({ ...padded, random: createRandom(5) })).toEqual(once);
});

test('refuses lengths that differ and no rows at all', () => {
  const random = createRandom(1);
  const one = Float64Array.of(1);
  const none = new Float64Array(0);
  const base = { metric: 'mae' as const, resamples: 10, random };
  expect(() => pairedClusterBootstrap({ ...base, champion: one, challenger: one, clusters: ['a', 'b'] })).toThrow(
    RangeError,
  );
  expect(() => pairedClusterBootstrap({ ...base, champion: none, challenger: none, clusters: [] })).toThrow(RangeError);
});
