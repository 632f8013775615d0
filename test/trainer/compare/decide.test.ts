import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { pairedClusterBootstrap } from '../../../trainer/compare/bootstrap.js';
import { decide } from '../../../trainer/compare/decide.js';

const comparison = (low: number, high: number) => ({
  metric: 'accuracy' as const,
  champion: 0.5,
  challenger: 0.5 + (low + high) / 2,
  improvement: (low + high) / 2,
  interval: { low, high },
  clusters: 30,
});

test.each([
  ['above 0', 0.01, 0.05, 0, 'automatic', 'promote'],
  ['above 0, by hand', 0.01, 0.05, 0, 'manual', 'ask'],
  ['around 0', -0.02, 0.04, 0, 'automatic', 'keep'],
  ['around 0, by hand', -0.02, 0.04, 0, 'manual', 'keep'],
  ['exactly at 0', 0, 0.04, 0, 'automatic', 'keep'],
  ['above 0 but not above the least improvement', 0.01, 0.05, 0.02, 'automatic', 'keep'],
  ['above the least improvement', 0.03, 0.05, 0.02, 'automatic', 'promote'],
  ['below 0', -0.05, -0.01, 0, 'automatic', 'keep'],
  ['no number', Number.NaN, Number.NaN, 0, 'automatic', 'keep'],
] as const)('an interval %s', (_, low, high, minimumImprovement, promotion, decision) => {
  expect(decide(comparison(low, high), { minimumImprovement, promotion }).decision).toBe(decision);
});

test.each([
  [1, 'automatic', 'keep'],
  [29, 'automatic', 'keep'],
  [29, 'manual', 'keep'],
  [30, 'automatic', 'promote'],
  [30, 'manual', 'ask'],
] as const)('of %i distinct feature vectors, promotion %s: %s', (clusters, promotion, decision) => {
  const decided = decide({ ...comparison(0.01, 0.05), clusters }, { minimumImprovement: 0, promotion });
  expect(decided.decision).toBe(decision);
  const few = `only ${clusters} distinct feature vectors are among the held-out rows, 30 are needed to tell; `;
  expect(decided.reason.startsWith(few)).toBe(clusters < 30);
});

test('equal models are hardly ever told apart, whatever the number of distinct rows', () => {
  const samples = 300;
  for (const clusterCount of [1, 3, 8, 29, 40, 200]) {
    let promoted = 0;
    for (let seed = 0; seed < samples; seed++) {
      const random = createRandom(1_000 * clusterCount + seed);
      const rows = clusterCount * 5;
      const right = (): Float64Array => Float64Array.from({ length: rows }, () => (random.next() < 0.7 ? 1 : 0));
      const { clusters, ...interval } = pairedClusterBootstrap({
        metric: 'accuracy',
        champion: right(),
        challenger: right(),
        clusters: Array.from({ length: rows }, (_, row) => String(row % clusterCount)),
        resamples: 200,
        random,
      });
      const compared = { ...comparison(interval.low, interval.high), clusters };
      if (decide(compared, { minimumImprovement: 0, promotion: 'automatic' }).decision === 'promote') promoted++;
    }
    // 2.5 % of 300 is 7.5, standard error 2.7; 30 to 50 clusters and 200 resamples add up to two points.
    expect(promoted, `${clusterCount} clusters`).toBeLessThanOrEqual(20);
  }
});

test('says in words why', () => {
  const kept = { ...comparison(-0.02, 0.04), champion: 0.51, challenger: 0.52 };
  expect(decide(kept, { minimumImprovement: 0, promotion: 'automatic' }).reason).toBe(
    "challenger's accuracy 0.520 against 0.510: improvement 0.010, 95 % interval -0.020 to 0.040 does not lie above 0",
  );
  const price = {
    metric: 'mae' as const,
    champion: 182_345.6,
    challenger: 170_001.2,
    improvement: 12_344.4,
    interval: { low: 9_000.3, high: 15_000.7 },
    clusters: 150,
  };
  expect(decide(price, { minimumImprovement: 5000, promotion: 'automatic' }).reason).toBe(
    "challenger's mae 170001 against 182346: improvement 12344, 95 % interval 9000 to 15001 lies above 5000",
  );
});
