import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import { binDataset } from '../../../../trainer/builtin/gbdt/binned-data.js';
import { binCount, fitEncoding, MOST_BINS } from '../../../../trainer/builtin/gbdt/encoding.js';

const rowsOf = (count: number): Int32Array => Int32Array.from({ length: count }, (_, i) => i);

function numeric(values: number[]): { name: string; type: 'numeric'; values: Float64Array } {
  return { name: 'x', type: 'numeric', values: Float64Array.from(values) };
}

function binsOf(values: number[]): number[] {
  const dataset = {
    rows: values.length,
    columns: [numeric(values)],
    target: new Float64Array(),
    weights: new Float64Array(),
  };
  return [...binDataset(dataset, rowsOf(values.length), 1).bins[0]!];
}

describe('numeric bins', () => {
  test('keep distinct values apart, in order, with missing values in bin 0', () => {
    expect(binsOf([3, 1, Number.NaN, 2, 1, -Infinity, Infinity])).toEqual([4, 2, 0, 3, 2, 1, 5]);
  });

  test('tell neighbouring float32 numbers apart, and nothing finer', () => {
    const next = 1 + 2 ** -23;
    expect(binsOf([1, next, 1 + 2 ** -40])).toEqual([1, 2, 1]);
  });

  test('of many values are at most 255 and hold about equal shares', () => {
    const random = createRandom(1);
    const values = Array.from({ length: 20_000 }, () => Math.exp(3 * random.normal()));
    const encoding = fitEncoding(numeric(values), rowsOf(values.length), 1);
    expect(binCount(encoding)).toBe(MOST_BINS);
    const counts = new Array<number>(MOST_BINS).fill(0);
    for (const bin of binsOf(values)) counts[bin]!++;
    expect(Math.max(...counts)).toBeLessThan((1.2 * 20_000) / (MOST_BINS - 1));
    expect(Math.min(...counts.slice(1))).toBeGreaterThan((0.5 * 20_000) / (MOST_BINS - 1));
  });

  test('give a frequent value its own bin without starving the others', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i % 2 === 0 ? 0 : i));
    const bins = binsOf(values);
    expect(new Set(bins.filter((_, i) => values[i] === 0)).size).toBe(1);
    expect(new Set(bins).size).toBeGreaterThan(200);
  });

  test('of a column without any value are the missing bin and one more', () => {
    expect(binCount(fitEncoding(numeric([Number.NaN, Number.NaN]), rowsOf(2), 1))).toBe(2);
  });
});

describe('categories', () => {
  const column = { name: 'c', type: 'categorical' as const, categories: ['rare', 'often', '', 'some'] };

  test('are known from the given number of rows on, most frequent first; the empty text never is', () => {
    const codes = Int32Array.from([0, 1, 1, 1, 2, 2, 2, 3, 3, -1]);
    const encoding = fitEncoding({ ...column, codes }, rowsOf(10), 2);
    expect(encoding).toEqual({ name: 'c', type: 'categorical', categories: ['often', 'some'] });
  });

  test('beyond the most bins are dropped from the least frequent end', () => {
    const categories = Array.from({ length: 300 }, (_, i) => `k${i}`);
    const codes = Int32Array.from(categories.flatMap((_, code) => new Array<number>(code + 1).fill(code)));
    const encoding = fitEncoding({ name: 'c', type: 'categorical', categories, codes }, rowsOf(codes.length), 1);
    expect(binCount(encoding)).toBe(MOST_BINS);
    expect(encoding.type === 'categorical' && encoding.categories.slice(0, 2)).toEqual(['k299', 'k298']);
  });
});
