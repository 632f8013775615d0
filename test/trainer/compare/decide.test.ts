import { expect, test } from 'vitest';
import { decide } from '../../../trainer/compare/decide.js';

const comparison = (low: number, high: number) => ({
  metric: 'accuracy' as const,
  champion: 0.5,
  challenger: 0.5 + (low + high) / 2,
  improvement: (low + high) / 2,
  interval: { low, high },
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
  };
  expect(decide(price, { minimumImprovement: 5000, promotion: 'automatic' }).reason).toBe(
    "challenger's mae 170001 against 182346: improvement 12344, 95 % interval 9000 to 15001 lies above 5000",
  );
});
