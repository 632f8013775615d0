import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import { binDataset } from '../../../../trainer/builtin/gbdt/binned-data.js';
import {
  BIN_FIELDS,
  createHistogram,
  fillHistogram,
  subtractHistogram,
} from '../../../../trainer/builtin/gbdt/histogram.js';
import { partitionRows } from '../../../../trainer/builtin/gbdt/partition-rows.js';
import { makeScored } from '../synthetic.js';

const random = createRandom(2);
const { rows, columns } = makeScored({ rows: 500, seed: 2, missing: 0.1, categories: 9 });
const order = Int32Array.from({ length: rows }, (_, i) => (i * 7) % rows);
const data = binDataset({ rows, columns, target: new Float64Array(), weights: new Float64Array() }, order, 5);
const gradients = Float64Array.from({ length: rows }, () => random.integer(64) - 32);
const hessians = Float64Array.from({ length: rows }, () => random.integer(64));
const buffers = { gradients: new Float64Array(rows), hessians: new Float64Array(rows) };

function filled(features: number[], begin: number, end: number): Float64Array {
  const histogram = createHistogram(data).fill(-1);
  fillHistogram(histogram, data, Int32Array.from(features), { order, begin, end, gradients, hessians }, buffers);
  return histogram;
}

test.each([[[0, 1, 2, 3, 4]], [[1, 4]], [[0, 2, 3, 4]]])(
  'features %j get the sums of their rows, others stay as they were',
  (features) => {
    const expected = createHistogram(data).fill(-1);
    for (const feature of features) {
      expected.fill(0, data.offsets[feature]! * BIN_FIELDS, data.offsets[feature + 1]! * BIN_FIELDS);
      for (const row of order.subarray(50, 350)) {
        const at = (data.offsets[feature]! + data.bins[feature]![row]!) * BIN_FIELDS;
        expected[at]! += gradients[row]!;
        expected[at + 1]! += hessians[row]!;
        expected[at + 2]! += 1;
      }
    }
    expect(filled(features, 50, 350)).toEqual(expected);
  },
);

test('a parent less one child is the other child', () => {
  const parent = filled([0, 1, 2, 3, 4], 0, rows);
  subtractHistogram(parent, filled([0, 1, 2, 3, 4], 0, 200), data, Int32Array.of(0, 1, 2, 3, 4));
  expect(parent).toEqual(filled([0, 1, 2, 3, 4], 200, rows));
});

test('partitioning keeps the order on both sides and touches nothing outside', () => {
  const goesLeft = Uint8Array.from({ length: 256 }, (_, bin) => (bin % 3 === 0 ? 1 : 0));
  const bins = data.bins[0]!;
  const moved = order.slice();
  const middle = partitionRows(moved, 100, 400, bins, goesLeft, new Int32Array(300));
  const part = [...order.subarray(100, 400)];
  const left = part.filter((row) => bins[row]! % 3 === 0);
  expect([...moved]).toEqual([
    ...order.subarray(0, 100),
    ...left,
    ...part.filter((row) => bins[row]! % 3 !== 0),
    ...order.subarray(400),
  ]);
  expect(middle).toBe(100 + left.length);
});
