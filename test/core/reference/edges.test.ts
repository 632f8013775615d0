import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import { quantileEdges } from '../../../core/reference/edges.js';
import { binOf } from '../../../core/reference/profile.js';
import { ksFromCounts } from '../../../monitor/statistics/ks-from-counts.js';
import { ksStatistic } from '../../../monitor/statistics/ks-statistic.js';

const random = createRandom(31);
const draw = (rows: number, value: () => number): number[] => Array.from({ length: rows }, value);
const edgesOf = (values: number[]) => quantileEdges(Float64Array.from(values));

/** Fine bins of values under the edges of a reference. */
function bins(reference: number[], ...values: number[]): number[] {
  const { edges } = edgesOf(reference);
  return values.map((value) => binOf(edges, value));
}

/** Coarse bins of values under the edges of a reference. */
function coarseBins(reference: number[], ...values: number[]): number[] {
  const { coarse } = edgesOf(reference);
  return bins(reference, ...values).map((bin) => coarse[bin]!);
}

describe('continuous values', () => {
  const values = Object.freeze(draw(4_000, () => random.normal())) as number[];

  test('have their percentiles and their range as edges, and their deciles as coarse edges', () => {
    const { edges, coarse } = edgesOf(values);
    expect(edges).toHaveLength(101);
    expect(coarse.at(-1)).toBe(9);
    const counts = new Array<number>(10).fill(0);
    for (const value of values) counts[coarse[binOf(edges, value)]!]!++;
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(5);
  });

  test('leave the two outer bins empty, and no other: what falls there is out of range', () => {
    const used = new Set(bins(values, ...values));
    expect(used.size).toBe(100);
    const [below, least, greatest, above] = bins(
      values,
      Math.min(...values) - 0.001,
      Math.min(...values),
      Math.max(...values),
      Math.max(...values) + 0.001,
    );
    expect([below, least, greatest, above]).toEqual([0, 1, 100, 101]);
    expect(bins(values, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)).toEqual([101, 0]);
  });
});

describe('an atom', () => {
  test('a constant has its own coarse bin between the smaller and the larger values', () => {
    expect(
      coarseBins(
        draw(500, () => 5),
        5,
        4.99,
        5.01,
        -999,
        5_000,
      ),
    ).toEqual([1, 0, 2, 0, 2]);
    expect(
      bins(
        draw(500, () => 0),
        0,
        -0,
        1e-9,
        -1e-9,
      ),
    ).toEqual([1, 1, 2, 0]);
  });

  test('at the least or the greatest value has a bin beyond it', () => {
    const zeros = draw(4_000, () => (random.next() < 0.7 ? 0 : Math.exp(random.normal())));
    const [below, zero, above] = coarseBins(zeros, -1, 0, 1e-6);
    expect([below, zero, above]).toEqual([0, 1, 2]);
    const capped = draw(4_000, () => Math.min(1, Math.abs(random.normal())));
    const [under, cap, over] = coarseBins(capped, 0.999, 1, 1.001);
    expect(under).toBeLessThan(cap!);
    expect(over).toBeGreaterThan(cap!);
  });

  test('of a percent has its own fine bin, and shares a coarse one', () => {
    const values = draw(4_000, () => (random.next() < 0.03 ? 0.25 : random.normal()));
    const [below, at, above] = bins(values, 0.24999, 0.25, 0.25001);
    expect([at! - below!, above! - at!]).toEqual([1, 1]);
    expect(new Set(coarseBins(values, 0.24999, 0.25, 0.25001)).size).toBeLessThanOrEqual(2);
  });

  test('keeps its bin when it was rounded to single precision, and its neighbours theirs', () => {
    const tenths = draw(3_000, () => random.integer(10) / 10);
    for (let i = 0; i < 10; i++) {
      const [exact, rounded] = bins(tenths, i / 10, Math.fround(i / 10));
      expect(rounded).toBe(exact);
    }
    const large = draw(3_000, () => 1_700_000_000 + random.integer(5));
    const found = bins(large, ...[0, 1, 2, 3, 4].map((i) => 1_700_000_000 + i));
    expect(new Set(found).size).toBe(5);
  });
});

describe('few distinct values', () => {
  test('each has its own coarse bin, and so has what lies between and outside', () => {
    const flags = draw(1_000, () => random.integer(2));
    expect(coarseBins(flags, -1, 0, 0.5, 1, 77)).toEqual([0, 1, 2, 3, 4]);
    const counts = draw(4_000, () => random.integer(20));
    const { edges, coarse } = edgesOf(counts);
    expect(edges).toHaveLength(40);
    expect(coarse).toEqual(Array.from({ length: 41 }, (_, i) => i));
  });

  test('a sample of few rows is not taken as discrete: what lies between its values is no news', () => {
    const few = draw(15, () => random.normal()).sort((a, b) => a - b);
    expect(edgesOf(few).edges.slice(1, -1)).toEqual(few.slice(1));
  });
});

test('no values: no edges and one bin; missing ones are left out', () => {
  expect(edgesOf([Number.NaN])).toEqual({ edges: [], coarse: [0] });
  expect(edgesOf([Number.NaN, ...draw(50, () => 5)])).toEqual(edgesOf(draw(50, () => 5)));
});

describe.each([
  ['continuous', () => random.normal()],
  ['rounded to tenths', () => Math.round(random.normal() * 10) / 10],
  ['of a zero in two of three rows', () => (random.next() < 0.67 ? 0 : Math.exp(random.normal()))],
  ['of ten integers', () => random.integer(10)],
  ['constant', () => 5],
  ['of integers in a few rows', () => random.integer(30)],
])('samples %s', (label, value) => {
  const sizes = label.endsWith('few rows') ? [5, 40, 100] : [300, 4_000];

  test.each(sizes)('of %d rows: edges ascend, coarse bins ascend by steps of one, all are finite', (rows) => {
    const { edges, coarse } = edgesOf(draw(rows, value));
    expect(edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!))).toBe(true);
    expect(coarse).toHaveLength(edges.length + 1);
    expect(coarse[0]).toBe(0);
    expect(coarse.every((bin, i) => i === 0 || [0, 1].includes(bin - coarse[i - 1]!))).toBe(true);
  });

  test.each(sizes)('of %d rows: the edges survive storage as JSON', (rows) => {
    const stored = edgesOf(draw(rows, value));
    expect(JSON.parse(JSON.stringify(stored))).toEqual(stored);
  });

  test.each(sizes)('of %d rows: KS from counts is the exact one up to its bound', (rows) => {
    const reference = draw(rows, value);
    const current = draw(200, () => value() + (random.next() < 0.3 ? 0.5 : 0));
    const { edges } = edgesOf(reference);
    const counts = [reference, current].map((sample) => {
      const found = new Array<number>(edges.length + 1).fill(0);
      for (const x of sample) found[binOf(edges, x)]!++;
      return found;
    });
    const { statistic, errorBound } = ksFromCounts(counts[0]!, counts[1]!);
    const exact = ksStatistic(reference, current);
    expect(statistic).toBeLessThanOrEqual(exact + 1e-12);
    expect(statistic + errorBound).toBeGreaterThanOrEqual(exact - 1e-12);
  });
});
