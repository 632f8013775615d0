import { expect, test } from 'vitest';
import type { Comparison } from '../../../trainer/compare/compare.js';
import { lookRows } from '../../../trainer/rollout/evidence.js';
import { type Evidence, findFault, judgeStage } from '../../../trainer/rollout/judge.js';

const watch = { minutes: 60, maximumErrorShare: 0.01, maximumLatencyRatio: 5 };
const policy = { shadowRows: 500, canaryShare: 0.1, canaryRows: 200 };
const sound: Evidence = {
  rows: 500,
  failed: 0,
  medianLatencyUs: 900,
  otherMedianLatencyUs: 800,
  agreementRate: null,
  comparison: null,
};
const compared = (low: number, high: number, clusters = 100) =>
  ({ metric: 'accuracy', rows: 200, champion: 0.8, challenger: 0.7, clusters, interval: { low, high } }) as Comparison;

test.each([
  ['nothing', {}, undefined],
  ['a few failures among many rows', { rows: 10_000, failed: 60 }, undefined],
  ['failures that may be chance', { rows: 500, failed: 8 }, undefined],
  ['four failures, however few the rows', { rows: 4, failed: 4 }, undefined],
  ['failures beyond the bound', { rows: 500, failed: 25 }, 'it fails on 25 of 500 rows'],
  ['latency within the ratio', { medianLatencyUs: 3_900 }, undefined],
  ['a ratio of nothing', { medianLatencyUs: 900, otherMedianLatencyUs: 10 }, undefined],
  ['latency beyond the ratio', { medianLatencyUs: 9_000 }, 'its median latency is 9000 µs against 800 µs'],
  ['latency of too few rows', { medianLatencyUs: null }, undefined],
  ['performance as good', { comparison: compared(-0.05, 0.01) }, undefined],
  [
    'performance surely worse',
    { comparison: compared(-0.2, -0.01) },
    'on 200 labelled rows its accuracy is 0.7 against 0.8',
  ],
  ['performance on too few distinct rows', { comparison: compared(-0.2, -0.01, 29) }, undefined],
] as const)('known against a version: %s', (_, change, fault) => {
  const found = findFault({ ...sound, ...change }, watch);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});

test.each([
  ['shadow', 499, policy, 'wait'],
  ['shadow', 500, policy, 'advance'],
  ['shadow', 500, { ...policy, canaryShare: 0 }, 'promote'],
  ['canary', 199, policy, 'wait'],
  ['canary', 200, policy, 'promote'],
] as const)('a sound %s with %i rows', (stage, rows, given, act) => {
  expect(judgeStage(stage, { ...sound, rows }, given, watch).act).toBe(act);
});

test('a fault withdraws at any number of rows', () => {
  expect(judgeStage('canary', { ...sound, rows: 50, failed: 20 }, policy, watch)).toMatchObject({ act: 'withdraw' });
});

test('each look takes twice the rows of the one before', () => {
  expect([0, 99, 100, 199, 200, 399, 400, 5_000].map(lookRows)).toEqual([0, 0, 100, 100, 200, 200, 400, 3_200]);
});
