import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../core/random.js';
import type { Column, Dataset } from '../../../trainer/builtin/dataset.js';
import { mostProbable } from '../../../trainer/builtin/gbdt/answers.js';
import { predict } from '../../../trainer/builtin/predict.js';
import { train } from '../../../trainer/builtin/train.js';
import { asClasses, asRegression, makeScored, takeRows } from './synthetic.js';

const parameters = { iterations: 100, patience: 20 };
const binary = asClasses(makeScored({ rows: 800, seed: 3, missing: 0.05, categories: 8 }), 2);
const job = { dataset: binary, task: 'binary', classes: ['no', 'yes'], seed: 1, parameters } as const;

test('the caps hold for the refit on all rows too', () => {
  // So many small steps that growth would go on: the refit factor would give 11 of 10.
  const slow = { learningRate: 0.01, leaves: 2, patience: 50 };
  expect(train({ ...job, parameters: { ...slow, iterations: 10 } }).iterations).toBe(10);
  const dataset = asClasses(makeScored({ rows: 300, seed: 3, missing: 0, categories: 4 }), 3);
  const classes = ['a', 'b', 'c'];
  const capped = train({ ...job, dataset, task: 'multiclass', classes, parameters: { ...slow, trees: 30 } });
  expect(capped.model.trees).toHaveLength(30);
});

describe('the seed', () => {
  test('gives the same ONNX bytes, metrics and importances again', () => {
    const again = takeRows(binary, [...Array(binary.rows).keys()]);
    expect(train({ ...job, dataset: again })).toEqual(train(job));
  });

  test('gives other bytes when it is another', () => {
    expect(Buffer.from(train({ ...job, seed: 2 }).onnx).equals(train(job).onnx)).toBe(false);
  });
});

describe('weights', () => {
  test('leave a row out where they are 0', () => {
    const junk = takeRows(binary, [0, 1, 2, 3, 4]);
    const dataset: Dataset = {
      rows: binary.rows + junk.rows,
      columns: binary.columns.map((column, i) => appendColumn(column, junk.columns[i]!)),
      target: Float64Array.of(...binary.target, ...junk.target.map((label) => 1 - label)),
      weights: Float64Array.of(...binary.weights, 0, 0, 0, 0, 0),
    };
    expect(Buffer.from(train({ ...job, dataset }).onnx).equals(train(job).onnx)).toBe(true);
  });

  test('pull the answers towards the rows that weigh more', () => {
    const weights = binary.target.map((label) => (label === 1 ? 5 : 1));
    const plain = predict(train(job).model, binary);
    const pulled = predict(train({ ...job, dataset: { ...binary, weights } }).model, binary);
    expect(meanPositive(pulled)).toBeGreaterThan(meanPositive(plain) + 0.03);
  });

  test('in another unit change nothing', () => {
    const dataset = { ...binary, weights: binary.weights.map((weight) => weight * 8) };
    expect(Buffer.from(train({ ...job, dataset }).onnx).equals(train(job).onnx)).toBe(true);
  });
});

describe('on data of known structure', () => {
  const scored = makeScored({ rows: 3000, seed: 11, missing: 0.05, categories: 10 });
  const learn = [...Array(2400).keys()];
  const unseen = Array.from({ length: 600 }, (_, i) => 2400 + i);

  test('two classes: at least 85 % right where the larger class has about half the rows', () => {
    const dataset = asClasses(scored, 2);
    expect(majority(dataset)).toBeLessThan(0.6);
    const { model } = train({ ...job, dataset: takeRows(dataset, learn) });
    expect(accuracy(predict(model, takeRows(dataset, unseen)), takeRows(dataset, unseen), 2)).toBeGreaterThan(0.85);
  });

  test('four classes: at least 30 points above the larger class', () => {
    const dataset = asClasses(scored, 4);
    const classes = ['a', 'b', 'c', 'd'];
    const { model } = train({ ...job, dataset: takeRows(dataset, learn), task: 'multiclass', classes });
    const reached = accuracy(predict(model, takeRows(dataset, unseen)), takeRows(dataset, unseen), 4);
    expect(reached).toBeGreaterThan(majority(dataset) + 0.3);
  });

  test('a value: at most a third of the squared error of always answering the mean', () => {
    const dataset = takeRows(asRegression(scored), unseen);
    const { model } = train({
      ...job,
      dataset: takeRows(asRegression(scored), learn),
      task: 'regression',
      classes: [],
    });
    const answers = predict(model, dataset);
    const mean = dataset.target.reduce((sum, value) => sum + value, 0) / dataset.rows;
    const squared = (guess: (row: number) => number): number =>
      dataset.target.reduce((sum, value, row) => sum + (value - guess(row)) ** 2, 0);
    expect(squared((row) => answers[row]!)).toBeLessThan(squared(() => mean) / 3);
  });

  test('importance sums to 1, is largest for the strongest feature and smallest for the one that says nothing', () => {
    const { featureImportance } = train({ ...job, dataset: asClasses(scored, 2) });
    expect(featureImportance.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(1, 12);
    const ordered = [...featureImportance].sort((a, b) => b.importance - a.importance).map(({ name }) => name);
    expect(ordered[0]).toBe('x0');
    expect(ordered.at(-1)).toBe('x3');
  });

  test('the metrics of the held-out rows are near those of unseen rows', () => {
    const dataset = asClasses(scored, 2);
    const { model, validation } = train({ ...job, dataset: takeRows(dataset, learn) });
    const reached = accuracy(predict(model, takeRows(dataset, unseen)), takeRows(dataset, unseen), 2);
    // Two binomial shares of about .9 on 240 and 600 rows differ by less than .07 with probability above .99.
    expect(Math.abs((validation as { accuracy: number }).accuracy - reached)).toBeLessThan(0.07);
  });
});

describe('data with nothing to learn', () => {
  const noise = createRandom(4);
  const empty: Column[] = [
    { name: 'constant', type: 'numeric', values: new Float64Array(60).fill(7) },
    { name: 'missing', type: 'numeric', values: new Float64Array(60).fill(Number.NaN) },
    { name: 'rare', type: 'categorical', categories: ['a', 'b'], codes: new Int32Array(60).fill(-1) },
  ];

  test('is answered by the mean', () => {
    const target = Float64Array.from({ length: 60 }, () => 10 + noise.normal());
    const dataset = { rows: 60, columns: empty, target, weights: new Float64Array(60).fill(1) };
    const { model, featureImportance } = train({ dataset, task: 'regression', classes: [], seed: 1 });
    const mean = target.reduce((sum, value) => sum + value, 0) / 60;
    for (const answer of predict(model, dataset)) expect(answer).toBeCloseTo(mean, 5);
    expect(featureImportance.map(({ importance }) => importance)).toEqual([0, 0, 0]);
  });

  test('is answered by the one class there is', () => {
    const dataset = { ...binary, target: new Float64Array(binary.rows) };
    const answers = predict(train({ ...job, dataset }).model, binary);
    expect(Math.min(...answers.filter((_, i) => i % 2 === 0))).toBeGreaterThan(0.99);
  });
});

describe('unusable input', () => {
  test.each([
    ['a seed that is no integer', { ...job, seed: 0.5 }, /seed 0.5 is not an integer/],
    ['one class', { ...job, classes: ['no'] }, /task binary got 1 classes, needs exactly 2/],
    ['a class twice', { ...job, classes: ['no', 'no'] }, /not distinct/],
    [
      'a class index without class',
      { ...job, dataset: { ...binary, target: binary.target.map((c) => c * 2) } },
      /target 2 in row \d+/,
    ],
    [
      'a negative weight',
      { ...job, dataset: { ...binary, weights: binary.weights.map(() => -1) } },
      /weight -1 in row 0/,
    ],
    [
      'too few rows',
      { ...job, dataset: takeRows(binary, [1, 2, 3]) },
      /3 rows have a weight above 0, needs at least 20/,
    ],
    ['no feature', { ...job, dataset: { ...binary, columns: [] } }, /no feature column/],
    [
      'a name twice',
      { ...job, dataset: { ...binary, columns: [...binary.columns, ...binary.columns] } },
      /"x0" is empty or used twice/,
    ],
    ['a feature named as an output', { ...job, dataset: renamed('label') }, /feature "label" has the name of a tensor/],
  ])('%s is refused by name', (_, input, message) => {
    expect(() => train(input)).toThrow(message);
    expect(() => train(input)).toThrow(RangeError);
  });
});

function renamed(name: string): Dataset {
  return { ...binary, columns: binary.columns.map((column, i) => (i === 0 ? { ...column, name } : column)) };
}

function appendColumn(a: Column, b: Column): Column {
  if (a.type === 'numeric' && b.type === 'numeric') return { ...a, values: Float64Array.of(...a.values, ...b.values) };
  if (a.type === 'categorical' && b.type === 'categorical')
    return { ...a, codes: Int32Array.of(...a.codes, ...b.codes) };
  throw new TypeError('columns of two types');
}

function meanPositive(answers: Float64Array): number {
  return answers.reduce((sum, answer, i) => sum + (i % 2 === 1 ? answer : 0), 0) / (answers.length / 2);
}

function accuracy(answers: Float64Array, dataset: Dataset, classCount: number): number {
  const right = dataset.target.filter((label, row) => mostProbable(answers, row, classCount) === label);
  return right.length / dataset.rows;
}

function majority(dataset: Dataset): number {
  const counts = new Map<number, number>();
  for (const label of dataset.target) counts.set(label, (counts.get(label) ?? 0) + 1);
  return Math.max(...counts.values()) / dataset.rows;
}
