import { expect, test } from 'vitest';
import { answersBetween, countFailed, joinStretches, stretchOf, timedReport } from '../../../bench/load/timed.js';

// Ten requests a second, the one due after half a second refused, the last never answered.
const answers = Array.from({ length: 9 }, (_, i) => ({
  status: i === 5 ? 503 : 200,
  dueMs: i * 100,
  latencyMs: i + 1,
}));
const report = timedReport({ due: 10, seconds: 1, answers, lost: [], connections: 4 }, 51_000);

test('takes the answers apart by when their requests were due', () => {
  expect(report.startedAt).toBe(50_000);
  const between = answersBetween(report, 50_200, 50_500);
  expect(between.map(({ dueMs }) => dueMs)).toEqual([200, 300, 400]);
  expect(stretchOf(between)).toEqual({ requests: 3, p50Ms: 4, p99Ms: 5, maxMs: 5, latenciesMs: [3, 4, 5] });
  expect(() => stretchOf(answersBetween(report, 60_000, Infinity))).toThrow('no request was due');
});

test('stretches as one are judged by all their requests', () => {
  const early = stretchOf(answersBetween(report, 50_000, 50_300));
  const late = stretchOf(answersBetween(report, 50_600, 50_800));
  expect(joinStretches([late, early])).toEqual({
    requests: 5,
    p50Ms: 3,
    p99Ms: 8,
    maxMs: 8,
    latenciesMs: [1, 2, 3, 7, 8],
  });
});

test('counts what was refused and what was never answered', () => {
  expect(countFailed(report)).toBe(2);
});
