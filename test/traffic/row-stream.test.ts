import { describe, expect, it } from 'vitest';
import { createRowStream, progressAt, type RowStreamOptions, type TrafficRow } from '../../traffic/row-stream.js';
import type { TestRow } from '../../traffic/test-rows.js';

const rows: TestRow[] = Array.from({ length: 10 }, (_, i) => ({ instance: { x: i }, target: String(i) }));
const base: RowStreamOptions = { rows, scenario: (row) => row, startAfter: 0, ramp: 0, outcomesShare: 1, seed: 1 };

function take(count: number, options: Partial<RowStreamOptions> = {}): TrafficRow[] {
  const stream = createRowStream({ ...base, ...options });
  return Array.from({ length: count }, () => stream.next().value);
}
const xs = (taken: TrafficRow[]): unknown[] => taken.map((row) => row.instance.x);

describe('createRowStream', () => {
  it('sends every row once before any comes again, in another order each pass', () => {
    const taken = xs(take(20));
    expect(new Set(taken.slice(0, 10)).size).toBe(10);
    expect(new Set(taken.slice(10)).size).toBe(10);
    expect(taken.slice(0, 10)).not.toEqual(taken.slice(10));
  });

  it('is decided by the seed', () => {
    expect(take(50, { seed: 4 })).toEqual(take(50, { seed: 4 }));
    expect(xs(take(50, { seed: 4 }))).not.toEqual(xs(take(50, { seed: 5 })));
  });

  it('keeps the order of rows whatever the scenario and the share of outcomes are', () => {
    const noisy = take(30, { scenario: (row, _, random) => (random.next() < 2 ? row : undefined), outcomesShare: 0.5 });
    expect(xs(noisy)).toEqual(xs(take(30)));
  });

  it('sends rows unchanged until the scenario starts, then lets it grow over the ramp', () => {
    const seen: number[] = [];
    const scenario: RowStreamOptions['scenario'] = (row, progress) => {
      seen.push(progress);
      return row;
    };
    take(8, { scenario, startAfter: 3, ramp: 4 });
    expect(seen).toEqual([0.25, 0.5, 0.75, 1, 1]);
  });

  it('counts sent rows, not rows left out', () => {
    const scenario: RowStreamOptions['scenario'] = (row) => (Number(row.instance.x) < 5 ? undefined : row);
    const taken = xs(take(13, { scenario, startAfter: 3 })).slice(3);
    expect(taken.every((x) => Number(x) >= 5)).toBe(true);
  });

  it('leaves rows without an outcome by the share', () => {
    const told = take(2000, { outcomesShare: 0.3 }).filter((row) => row.hasOutcome).length;
    expect(Math.abs(told - 600)).toBeLessThan(4 * Math.sqrt(2000 * 0.3 * 0.7));
  });
});

describe('progressAt', () => {
  it('is 0 before the start and 1 from the end of the ramp on', () => {
    expect([0, 99, 100, 101, 149, 150, 1e6].map((i) => progressAt(i, 100, 50))).toEqual([0, 0, 0.02, 0.04, 1, 1, 1]);
    expect(progressAt(0, 0, 0)).toBe(1);
  });
});
