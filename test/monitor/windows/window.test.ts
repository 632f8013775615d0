import { describe, expect, test } from 'vitest';
import { closedWindows } from '../../../monitor/windows/window.js';

describe('windows by rows', () => {
  const buckets = [100, 250, 80, 60, 200].map((rows, i) => ({ start: i * 60, rows }));
  const spec = { rows: 300 };

  test('close at the end of the bucket in which they reach their rows', () => {
    const windows = closedWindows({ spec, buckets, bucketSeconds: 60, from: undefined, until: 300 });
    expect(windows).toEqual([
      { start: 0, end: 120, rows: 350 },
      { start: 120, end: 300, rows: 340 },
    ]);
  });

  test('asked after each bucket, are the same windows as asked once', () => {
    const once = closedWindows({ spec, buckets, bucketSeconds: 60, from: undefined, until: 300 });
    const bitByBit = [];
    let from: number | undefined;
    for (let until = 60; until <= 300; until += 60) {
      const closed = buckets.filter((b) => b.start + 60 <= until && b.start >= (from ?? 0));
      const windows = closedWindows({ spec, buckets: closed, bucketSeconds: 60, from, until });
      bitByBit.push(...windows);
      from = windows.at(-1)?.end ?? from;
    }
    expect(bitByBit).toEqual(once);
  });

  test('begin where the one before ended, so that a bucket without rows belongs to one', () => {
    const later = [{ start: 600, rows: 300 }];
    expect(closedWindows({ spec, buckets: later, bucketSeconds: 60, from: 120, until: 660 })).toEqual([
      { start: 120, end: 660, rows: 300 },
    ]);
  });

  test('do not exist before the first row', () => {
    expect(closedWindows({ spec, buckets: [], bucketSeconds: 60, from: undefined, until: 6_000 })).toEqual([]);
  });
});

describe('windows by minutes', () => {
  const spec = { minutes: 5 };

  test('are aligned to their length, half-open, and counted when empty', () => {
    const buckets = [
      { start: 420, rows: 7 },
      { start: 600, rows: 3 },
    ];
    expect(closedWindows({ spec, buckets, bucketSeconds: 60, from: undefined, until: 1_250 })).toEqual([
      { start: 300, end: 600, rows: 7 },
      { start: 600, end: 900, rows: 3 },
      { start: 900, end: 1_200, rows: 0 },
    ]);
  });

  test('go on from the last decided one without rows', () => {
    expect(closedWindows({ spec, buckets: [], bucketSeconds: 60, from: 900, until: 1_500 })).toEqual([
      { start: 900, end: 1_200, rows: 0 },
      { start: 1_200, end: 1_500, rows: 0 },
    ]);
  });

  test('return to their alignment after windows that had none', () => {
    const buckets = [{ start: 480, rows: 2 }];
    expect(closedWindows({ spec, buckets, bucketSeconds: 60, from: 420, until: 900 })).toEqual([
      { start: 420, end: 600, rows: 2 },
      { start: 600, end: 900, rows: 0 },
    ]);
  });

  test('are open until their whole length has passed', () => {
    const buckets = [{ start: 0, rows: 1 }];
    expect(closedWindows({ spec, buckets, bucketSeconds: 60, from: undefined, until: 299.9 })).toEqual([]);
  });
});
