import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import type { Dataset } from '../../../trainer/builtin/dataset.js';
import { foldRows, holdOutRows } from '../../../trainer/builtin/hold-out.js';

/** 1,000 rows of `distinct` different feature values; the class is 1 for every tenth distinct row. */
function repeated(distinct: number): Dataset {
  const random = createRandom(8);
  const values = Float64Array.from({ length: 1000 }, () => random.integer(distinct));
  return {
    rows: 1000,
    columns: [{ name: 'x', type: 'numeric', values }],
    target: values.map((value) => (value % 10 === 0 ? 1 : 0)),
    weights: values.map((_, row) => (row < 100 ? 0 : 1)),
  };
}

test('rows with the same features are never on both sides, and rows of weight 0 on neither', () => {
  const dataset = repeated(300);
  const { kept, heldOut } = holdOutRows(dataset, 0.1, createRandom(1));
  const column = dataset.columns[0]!;
  const valuesOf = (rows: Int32Array) =>
    new Set(Array.from(rows, (row) => (column.type === 'numeric' ? column.values[row]! : 0)));
  const both = [...valuesOf(heldOut)].filter((value) => valuesOf(kept).has(value));
  expect(both).toEqual([]);
  const all = [...kept, ...heldOut].sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 900 }, (_, i) => 100 + i));
  expect(Math.min(...heldOut, ...kept)).toBe(100);
});

test('about the share asked for is held out, with each class in proportion', () => {
  const dataset = repeated(300);
  for (let seed = 1; seed <= 20; seed++) {
    const { kept, heldOut } = holdOutRows(dataset, 0.1, createRandom(seed));
    expect(heldOut.length).toBeGreaterThanOrEqual(80);
    expect(heldOut.length).toBeLessThanOrEqual(100);
    const share = (rows: Int32Array) => rows.filter((row) => dataset.target[row] === 1).length / rows.length;
    expect(Math.abs(share(heldOut) - share(kept))).toBeLessThan(0.05);
  }
});

test('with fewer than 20 distinct rows, single rows are held out', () => {
  const { heldOut } = holdOutRows(repeated(4), 0.1, createRandom(1));
  expect(heldOut.length).toBe(90);
});

test('every row is held out in one fold, copies together, and classes are spread alike', () => {
  const dataset = repeated(300);
  const folds = foldRows(dataset, 4, createRandom(2));
  const all = folds.flatMap(({ heldOut }) => [...heldOut]).sort((a, b) => a - b);
  expect(all).toEqual(Array.from({ length: 900 }, (_, i) => 100 + i));
  const column = dataset.columns[0]!;
  const valueIn = (row: number): number => (column.type === 'numeric' ? column.values[row]! : 0);
  for (const { kept, heldOut } of folds) {
    expect(kept.length + heldOut.length).toBe(900);
    const learned = new Set(Array.from(kept, valueIn));
    expect([...heldOut].filter((row) => learned.has(valueIn(row)))).toEqual([]);
    expect(heldOut.length).toBeGreaterThan(210);
    expect(heldOut.length).toBeLessThan(240);
    const positives = heldOut.filter((row) => dataset.target[row] === 1).length;
    // About a tenth of the rows; a fold of random groups would have 16 to 30.
    expect(positives / heldOut.length).toBeGreaterThan(0.07);
    expect(positives / heldOut.length).toBeLessThan(0.13);
  }
});
