import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { bucketLengths, coverRange } from '../../../monitor/windows/bucket-lengths.js';

test('an aligned hour is one bucket, a day too', () => {
  expect(coverRange(7_200, 10_800, 60)).toEqual([{ seconds: 3_600, from: 7_200, to: 10_800 }]);
  expect(coverRange(86_400, 3 * 86_400, 60)).toEqual([{ seconds: 86_400, from: 86_400, to: 3 * 86_400 }]);
});

test('lengths that do not fit into one another are left out', () => {
  expect(bucketLengths(60)).toEqual([60, 3_600, 86_400]);
  expect(bucketLengths(7)).toEqual([7]);
  expect(bucketLengths(3_600)).toEqual([3_600, 86_400]);
  expect(bucketLengths(86_400)).toEqual([86_400]);
});

test('any range is covered once, in order, by few buckets', () => {
  const random = createRandom(1);
  for (let i = 0; i < 500; i++) {
    const start = 60 * random.integer(100_000);
    const end = start + 60 * random.integer(20_000);
    const runs = coverRange(start, end, 60);
    let at = start;
    let buckets = 0;
    for (const { seconds, from, to } of runs) {
      expect([from, from % seconds, to % seconds]).toEqual([at, 0, 0]);
      buckets += (to - from) / seconds;
      at = to;
    }
    expect(runs.length === 0 ? start : at).toBe(end);
    expect(buckets).toBeLessThanOrEqual(2 * 59 + 2 * 23 + 14);
  }
});
