import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCsv } from '../../../core/csv.js';
import { loadProject } from '../../../core/project/load.js';
import { smallOnnx, smallRows } from '../../helpers/project.js';
import { createPlace, FLOWERS, flowers, KINDS, type Place, PRICES, prices } from './fixture.js';
import { sklearnClassifier, torchLinear } from './models.js';

let place: Place;
beforeEach(async () => {
  place = await createPlace();
});
afterEach(() => place.remove());

describe('a project that model check finds sound, from', () => {
  test('a classifier of skl2onnx with a map of probabilities, which becomes a tensor', async () => {
    const said = await place.init({
      onnx: sklearnClassifier(FLOWERS, KINDS, 'zipmap'),
      rows: flowers(200, 1),
      test: flowers(100, 2),
    });
    expect((await readdir(place.project)).sort()).toEqual([
      'held-out.csv',
      'model.onnx',
      'model.yaml',
      'reference.csv',
    ]);
    const { manifest, predictions, heldOut } = await loadProject(place.project);
    expect(manifest).toMatchObject({
      name: 'my-model',
      task: 'multiclass',
      target: 'kind',
      classes: KINDS,
      features: ['sepal', 'petal', 'stem'].map((name) => ({ name, type: 'numeric', missing: false })),
      onnx: { input: 'tensor', label: 'label', probabilities: 'probabilities' },
      retraining: { metric: 'accuracy', promotion: 'manual' },
    });
    const first = flowers(200, 1)[0]!;
    const powers = ['sepal', 'petal', 'stem'].map((name) => Math.exp(2 * Number(first[name])));
    const sum = powers.reduce((a, b) => a + b);
    for (const [i, power] of powers.entries()) expect(predictions.probabilities![i]).toBeCloseTo(power / sum, 5);
    expect(heldOut!.rows.targets).toEqual(flowers(100, 2).map((row) => row.kind));
    expect(said).toMatch(/task +multiclass: iris, lily, rose, as the model lists them/);
    expect(said).toMatch(/target +kind; the model agrees with it: 9\d\.\d % of 200 rows/);
    expect(said).toMatch(/changed +in the copy of the model: its output "output_probability" was a map \(zipmap\)/);
    expect(said).not.toContain('look at');
    expect(said.split('\n').slice(-2).join()).toMatch(
      /plumbline model check \S+my-model,.*plumbline model add \S+my-model/,
    );
  });

  test('the same with a tensor, kept byte for byte, and with columns that the model does not take', async () => {
    const onnx = sklearnClassifier(FLOWERS, KINDS, 'probabilities');
    const rows = flowers(150, 3).map((row, i) => ({ id: 1000 + i, ...row }));
    const said = await place.init({ onnx, rows, columns: ['kind', 'id', 'sepal', 'petal', 'stem'] });
    expect(Buffer.from(onnx).equals(await readFile(join(place.project, 'model.onnx')))).toBe(true);
    expect((await loadProject(place.project)).manifest.features.map(({ name }) => name)).toEqual([
      'sepal',
      'petal',
      'stem',
    ]);
    expect(said).toMatch(/left out +id: the model does not take them/);
    expect(said).toContain('without --test the performance at registration is that on rows the model has learned');
  });

  test('labels that were made numbers for the training, and those that pandas writes with a point', async () => {
    const onnx = sklearnClassifier(FLOWERS, [0, 1, 2], 'zipmap');
    await place.init({ onnx, rows: flowers(150, 4) });
    expect((await loadProject(place.project)).manifest.classes).toEqual(KINDS);
    const other = await createPlace();
    await other.init({ onnx, rows: flowers(150, 4, ['0.0', '1.0', '2.0']) });
    const { manifest, reference } = await loadProject(other.project);
    expect(manifest.classes).toEqual(['0', '1', '2']);
    expect(new Set(reference.targets)).toEqual(new Set(['0', '1', '2']));
    await other.remove();
  });

  test('a network that gives logits: their softmax is served', async () => {
    const said = await place.init({ onnx: torchLinear(FLOWERS), rows: flowers(150, 5, [2, 9, 10]) });
    const { manifest, predictions } = await loadProject(place.project);
    // By size: as texts 10 would come first.
    expect(manifest).toMatchObject({ classes: ['2', '9', '10'], onnx: { probabilities: 'probabilities' } });
    const sums = Array.from({ length: 150 }, (_, i) => predictions.probabilities!.subarray(3 * i, 3 * i + 3));
    for (const sum of sums) expect(sum[0]! + sum[1]! + sum[2]!).toBeCloseTo(1, 5);
    expect(said).toContain(
      'its output "output" holds raw scores (logits); "probabilities", their softmax, took its place',
    );
  });

  test('one number a row: a logit, or a probability, of the second class', async () => {
    const rows = prices(200, 6).map(({ price, ...row }) => ({ ...row, dear: Number(price) > 10 }));
    const model = { weights: [[3, -2]], intercepts: [0] };
    await place.init({ onnx: torchLinear(model), rows });
    const logit = await loadProject(place.project);
    expect(logit.manifest).toMatchObject({ task: 'binary', classes: ['false', 'true'], positiveClass: 'true' });
    const other = await createPlace();
    await other.init({ onnx: torchLinear(model, { link: 'Sigmoid' }), rows });
    const probability = await loadProject(other.project);
    for (const [i, number] of probability.predictions.probabilities!.entries()) {
      expect(logit.predictions.probabilities![i]).toBeCloseTo(number, 6);
    }
    await other.remove();
  });

  test('a regression, whose target is found by its answers, wherever it stands and whatever it is called', async () => {
    const said = await place.init({
      onnx: torchLinear(PRICES),
      rows: prices(120, 7),
      columns: ['price', 'size', 'age'],
    });
    const { manifest } = await loadProject(place.project);
    expect(manifest).toMatchObject({ task: 'regression', target: 'price', onnx: { value: 'output' } });
    expect(manifest.retraining.metric).toBe('mae');
    expect(said).toMatch(/target +price; the model agrees with it: R² 0\.9\d on 120 rows/);
  });

  test('an input for each feature, texts and missing values; the order of classes is that of the answers', async () => {
    const said = await place.init({ onnx: smallOnnx(), rows: smallRows(600, 1) });
    const { manifest } = await loadProject(place.project);
    expect(manifest).toMatchObject({ target: 'grade', classes: ['low', 'mid', 'high'], onnx: { input: 'columns' } });
    expect(manifest.features).toMatchObject([
      { name: 'size', type: 'numeric', missing: false },
      { name: 'weight', type: 'numeric', missing: true },
      { name: 'colour', type: 'categorical', categories: ['blue', 'green', 'red'] },
    ]);
    expect(said).toMatch(/features +2 numeric \(size, weight\), 1 categorical \(colour\)/);
  });

  test('texts of a model that takes numbers, by their place in sorted order, which it says', async () => {
    const names = ['low', 'mid', 'top'];
    const rows = prices(150, 8).map((row, i) => ({
      grade: names[i % 3]!,
      ...row,
      price: Number(row.price) + 4 * (i % 3),
    }));
    const onnx = torchLinear({ weights: [[4, 3, -2]], intercepts: [10] });
    const said = await place.init({ onnx, rows });
    expect((await loadProject(place.project)).manifest.features[0]).toMatchObject({
      type: 'categorical',
      categories: names,
    });
    expect(said).toContain('grade: the model takes low = 0, mid = 1, top = 2');
    expect(said).toMatch(/target +price/);
  });

  test('rows without a target: the answers of the model stand in, and it says so', async () => {
    const rows = flowers(120, 9).map(({ kind: _, ...row }) => row);
    const said = await place.init({ onnx: sklearnClassifier(FLOWERS, KINDS, 'zipmap'), rows });
    const { manifest, reference, predictions } = await loadProject(place.project);
    expect(manifest).toMatchObject({ target: 'target', monitoring: { performanceLoss: 1 } });
    expect(reference.targets).toEqual(predictions.labels);
    expect(said).toContain("train.csv has no column with the truth, so the model's own answers stand in for it");
  });

  test('labels beside scores that are no probabilities: the labels alone', async () => {
    const said = await place.init({ onnx: sklearnClassifier(FLOWERS, KINDS, 'scores'), rows: flowers(100, 10) });
    const { manifest, predictions } = await loadProject(place.project);
    expect(manifest.onnx).toEqual({ input: 'tensor', label: 'label' });
    expect(predictions.probabilities).toBeUndefined();
    expect(said).toContain('its output "scores" holds no probabilities, so it was taken away');
  });

  test('one class in nearly all rows: log loss compares', async () => {
    const rows = prices(200, 11).map(({ price, ...row }) => ({ ...row, dear: Number(price) > 16 ? 'yes' : 'no' }));
    const onnx = sklearnClassifier(
      {
        weights: [
          [-3, 2],
          [3, -2],
        ],
        intercepts: [6, -6],
      },
      ['no', 'yes'],
      'probabilities',
    );
    expect(await place.init({ onnx, rows })).toMatch(/metric +log_loss, as one class makes up most rows/);
    expect((await loadProject(place.project)).manifest).toMatchObject({
      positiveClass: 'yes',
      retraining: { metric: 'log_loss' },
    });
  });
});

test('a target with which the model does not agree is doubted', async () => {
  const rows = flowers(120, 12).map((row) => ({ ...row, kind: KINDS[(KINDS.indexOf(String(row.kind)) + 1) % 3]! }));
  const said = await place.init({ onnx: sklearnClassifier(FLOWERS, KINDS, 'zipmap'), rows }, { target: 'kind' });
  expect(said).toContain('the model hardly agrees with kind');
});

describe('questions', () => {
  test('are three at most, with what was inferred as the answer to Enter', async () => {
    const rows = prices(150, 13).map(({ price, ...row }) => ({ ...row, dear: Number(price) > 10 ? 'yes' : 'no' }));
    const weights = [
      [-3, 2],
      [3, -2],
    ];
    const asked: string[] = [];
    const onnx = sklearnClassifier({ weights, intercepts: [0, 0] }, ['no', 'yes'], 'zipmap');
    await place.init({ onnx, rows }, {}, async (question, fallback) => {
      asked.push(`${question} ${fallback}`);
      return question.includes('positive') ? 'no' : question.includes('URL') ? 'dear-ones' : fallback;
    });
    expect(asked).toEqual([
      'Which column holds the truth ("none": none does)? dear',
      'Which class is the positive one? yes',
      'What is the model called in its URL? my-model',
    ]);
    expect((await loadProject(place.project)).manifest).toMatchObject({ name: 'dear-ones', positiveClass: 'no' });
  });

  test('the answer about the target counts, and each is checked', async () => {
    const rows = flowers(100, 14).map((row) => ({ ...row, other: row.kind! }));
    const refused: (string | undefined)[] = [];
    await place.init(
      { onnx: sklearnClassifier(FLOWERS, KINDS, 'zipmap'), rows },
      { features: ['sepal', 'petal', 'stem'] },
      async (question, fallback, check) => {
        refused.push(check?.('No such thing!'));
        return question.includes('truth') ? 'kind' : fallback;
      },
    );
    expect((await loadProject(place.project)).manifest.target).toBe('kind');
    expect(refused).toEqual([
      'the columns are sepal, petal, stem, kind, other',
      'lower-case letters, digits and dashes, 63 at most',
    ]);
  });
});

test('columns whose names are whole numbers keep their place', async () => {
  const rows = prices(60, 15).map(({ size, age, price }) => ({ 7: age!, 12: size!, price: price! }));
  await place.init({ onnx: torchLinear(PRICES), rows, columns: ['12', '7', 'price'] });
  expect((await loadProject(place.project)).manifest.features.map(({ name }) => name)).toEqual(['12', '7']);
  expect((await readCsv(join(place.project, 'reference.csv'))).columns).toEqual(['12', '7', 'price']);
});
