import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.js';
import type { Column, Dataset, Task } from '../../../../trainer/builtin/dataset.js';
import { mostProbable } from '../../../../trainer/builtin/gbdt/answers.js';
import { predict } from '../../../../trainer/builtin/predict.js';
import { train } from '../../../../trainer/builtin/train.js';
import { runOnnx } from '../run-onnx.js';
import { asClasses, asRegression, colours, makeScored, type SyntheticOptions } from '../synthetic.js';

const TOLERANCE = 1e-5;
const PARAMETERS = { iterations: 120, patience: 20 };

const shapes: Record<string, Omit<SyntheticOptions, 'rows' | 'seed'>> = {
  'all numeric': {},
  'with missing values': { missing: 0.15 },
  'with 6 categories': { categories: 6 },
  'with 60 categories and missing values': { categories: 60, missing: 0.1 },
};

const tasks: { task: Task; classes: string[] }[] = [
  { task: 'regression', classes: [] },
  { task: 'binary', classes: ['no', 'yes'] },
  { task: 'multiclass', classes: ['low', 'middle', 'high', 'très haut'] },
];

/** Rows unlike the training rows: wide numbers, infinities, missing values, categories in another order, and new ones. */
function strangeRows(rows: number, categories: number): { rows: number; columns: Column[] } {
  const random = createRandom(99);
  const known = random.shuffle(colours(categories));
  const columns = makeScored({ rows, seed: 98, missing: 0.3, categories }).columns.map((column): Column => {
    if (column.type === 'categorical') {
      const names = ['never seen', ...known, ''];
      return { ...column, categories: names, codes: column.codes.map(() => random.integer(names.length + 1) - 1) };
    }
    const values = column.values.map((value) => (random.next() < 0.05 ? value * Infinity : value * 10));
    return { ...column, values };
  });
  return { rows, columns };
}

function expectSame(own: Float64Array, onnx: Float32Array): void {
  expect(onnx.length).toBe(own.length);
  let largest = 0;
  // Probabilities are compared as they are, values (about 500,000) relative to their size.
  for (let i = 0; i < own.length; i++)
    largest = Math.max(largest, Math.abs(own[i]! - onnx[i]!) / Math.max(1, Math.abs(own[i]!)));
  expect(largest).toBeLessThanOrEqual(TOLERANCE);
}

describe.each(Object.entries(shapes))('a model %s', (_, options) => {
  test.each(tasks)('answers in onnxruntime as in the trainer: $task', async ({ task, classes }) => {
    const scored = makeScored({ ...options, rows: 1200, seed: 5 });
    const dataset: Dataset = task === 'regression' ? asRegression(scored) : asClasses(scored, classes.length);
    const { model, onnx } = train({ dataset, task, classes, seed: 1, parameters: PARAMETERS });
    expect(model.trees.length).toBeGreaterThan(10);
    for (const rows of [dataset, strangeRows(300, options.categories ?? 0)]) {
      const own = predict(model, rows);
      const all = await runOnnx(onnx, model, rows);
      expectSame(own, all.answers);
      expect(all.shape).toEqual([rows.rows, Math.max(1, classes.length)]);
      // onnxruntime adds up one row, a few rows and many rows in different ways.
      expectSame(own, (await runOnnx(onnx, model, rows, 1)).answers);
      expectSame(own, (await runOnnx(onnx, model, rows, 7)).answers);
      const labels = Array.from(all.labels, (label) => classes.indexOf(label));
      const likeliest = labels.map((__, row) => mostProbable(Float64Array.from(all.answers), row, classes.length));
      expect(labels).toEqual(likeliest);
    }
  });
});

describe('a model without a tree', () => {
  test('still answers, and takes any category', async () => {
    const dataset: Dataset = {
      rows: 40,
      columns: [
        { name: 'same', type: 'numeric', values: new Float64Array(40).fill(3) },
        { name: 'never', type: 'categorical', categories: ['a'], codes: new Int32Array(40).fill(-1) },
      ],
      target: Float64Array.from({ length: 40 }, (_, row) => row),
      weights: new Float64Array(40).fill(1),
    };
    const { model, onnx } = train({ dataset, task: 'regression', classes: [], seed: 1 });
    expect(model.trees).toEqual([]);
    const answers = (await runOnnx(onnx, model, dataset)).answers;
    expect([...new Set(answers)]).toEqual([19.5]);
  });
});
