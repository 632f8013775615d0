import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { smallOnnx, smallRows } from '../../helpers/project.js';
import { createPlace, FLOWERS, flowers, KINDS, type Parts, type Place, PRICES, prices } from './fixture.js';
import { columnsClassifier, sklearnClassifier, torchLinear } from './models.js';

let place: Place;
beforeEach(async () => {
  place = await createPlace();
});
afterEach(() => place.remove());

const classifier = (): Uint8Array => sklearnClassifier(FLOWERS, KINDS, 'zipmap');

/** What is wrong, in words; nothing may be left behind. */
async function failure(parts: Parts, wishes?: Parameters<Place['init']>[1]): Promise<string> {
  const message = await place.init(parts, wishes).then(
    () => 'sound',
    (error: Error) => error.message,
  );
  expect(existsSync(place.project)).toBe(false);
  return message;
}

describe('says what is wrong and what to do about', () => {
  test('too few columns', async () => {
    const rows = flowers(50, 1).map(({ stem: _, petal: __, ...row }) => row);
    expect(await failure({ onnx: classifier(), rows })).toContain(
      'train.csv:1  has 2 columns (sepal, kind), the model takes 3 features; give the rows as the model is given them, after encoding',
    );
  });
  test('too many columns', async () => {
    const rows = flowers(50, 1).map((row) => ({ weight: 1, colour: 2, ...row }));
    const parts = { onnx: classifier(), rows };
    expect(await failure(parts)).toContain('name those it was trained with, in its order: --features a,b,c');
    expect(await failure(parts, { features: ['sepal', 'petal', 'steam'] })).toContain(
      'train.csv:1  there is no column "steam"; did you mean "stem"?',
    );
  });
  test('texts that no number stands for', async () => {
    const rows = prices(120, 1).map((row, i) => ({ ...row, age: `about ${i}` }));
    expect(await failure({ onnx: torchLinear(PRICES), rows }, { target: 'price' })).toContain(
      'train.csv  column "age" holds 120 different texts in 120 rows, which are no categories, and the model takes numbers',
    );
  });
  test('a cell that is no number among numbers, with its line', async () => {
    const rows = prices(60, 1).map((row, i) => (i === 4 ? { ...row, age: '?' } : row));
    expect(await failure({ onnx: torchLinear(PRICES), rows })).toContain(
      'train.csv:6  column "age": "?" is not a number, and most of its cells are; correct it, or leave it empty',
    );
    const late = prices(60, 2).map((row, i) => (i === 9 ? { ...row, size: 'big' } : row));
    expect(await failure({ onnx: torchLinear(PRICES), rows: prices(60, 1), test: late })).toContain(
      'test.csv:11  column "size"',
    );
  });
  test('texts where the input of that name takes numbers', async () => {
    const rows = smallRows(60, 1).map((row) => ({ ...row, size: row.colour }));
    expect(await failure({ onnx: smallOnnx(), rows })).toContain(
      'train.csv  column "size" holds texts such as "blue", and the model\'s input of that name takes numbers',
    );
  });
  test('inputs that are no columns', async () => {
    const rows = smallRows(60, 1).map(({ colour, ...row }) => ({ ...row, color: colour }));
    expect(await failure({ onnx: smallOnnx(), rows })).toContain(
      'flowers.onnx  takes "colour", which the rows do not have; rename its column "color"',
    );
  });
  test('a fixed number of rows', async () => {
    expect(await failure({ onnx: torchLinear(PRICES, { rows: 1 }), rows: prices(60, 1) })).toContain(
      'flowers.onnx  input input float32[1,2] takes exactly 1 rows; export it for any number of them: dynamic_axes={"input": {0: "rows"}}',
    );
  });
  test('a type that cannot be served', async () => {
    const onnx = torchLinear(PRICES, { element: 'int64' });
    expect(await failure({ onnx, rows: prices(60, 1) })).toContain(
      'flowers.onnx  input input int64[?,2] is of a type that cannot be served; export it with float32 inputs',
    );
  });
  test('more than one output', async () => {
    const parts = { onnx: torchLinear(PRICES, { outputs: ['price', 'again'] }), rows: prices(60, 1) };
    expect(await failure(parts)).toContain(
      'has more than one output that may be the answer (price float32[?,1], again',
    );
    expect(await failure(parts, { output: 'value' })).toContain('has no float output "value"; its outputs are price');
    expect(await place.init(parts, { output: 'again' })).toContain('the model answers all 60 reference rows');
  });
  test('a target that does not fit', async () => {
    const parts = { onnx: classifier(), rows: flowers(50, 1, ['iris', 'lily', 'tulip']) };
    expect(await failure(parts)).toContain(
      'train.csv:1  column "kind" cannot be the target: it holds "tulip", which is none of the model\'s classes iris, lily, rose',
    );
    expect(await failure(parts, { target: 'kid' })).toContain('there is no column "kid"; did you mean "kind"?');
  });
  test('several numbers a row and a number as the target', async () => {
    const rows = flowers(60, 1).map((row, i) => ({ ...row, kind: i / 7 }));
    expect(await failure({ onnx: torchLinear(FLOWERS), rows }, { target: 'kind' })).toContain(
      'column "kind" cannot be the target: it holds 60 different values, and the model answers with 3 classes; a regression gives one number a row',
    );
  });
  test('answers that are no numbers', async () => {
    const rows = prices(60, 1).map((row, i) => (i % 9 === 0 ? { ...row, age: null } : row));
    expect(await failure({ onnx: torchLinear(PRICES), rows })).toContain(
      'flowers.onnx  answers some rows with NaN or infinity; where values are missing, fill them in',
    );
  });
  test('test rows without the target', async () => {
    const rows = flowers(60, 1);
    const test = rows.map(({ kind: _, ...row }) => row);
    const { init, folder } = place;
    await writeFile(join(folder, 'other.csv'), `sepal,petal,stem\n${Object.values(test[0]!).join()}\n`);
    const failing = init({ onnx: classifier(), rows }, { test: join(folder, 'other.csv') });
    await expect(failing).rejects.toThrow('other.csv:1  has no column "kind"; its columns are sepal, petal, stem');
  });
  test('a positive class that is none, or not the one of a single number', async () => {
    const rows = prices(60, 1).map(({ price, ...row }) => ({ ...row, dear: Number(price) > 10 ? 'yes' : 'no' }));
    const onnx = torchLinear({ weights: [[3, -2]], intercepts: [0] });
    expect(await failure({ onnx, rows }, { positiveClass: 'no' })).toContain('the probability of "yes"');
    expect(await failure({ onnx: classifier(), rows: flowers(50, 1) }, { positiveClass: 'iris' })).toContain(
      'is multiclass, so it has no positive class',
    );
  });
  test('files that cannot be read', async () => {
    const parts = { onnx: classifier().slice(0, 100), rows: flowers(50, 1) };
    expect(await failure(parts)).toContain('flowers.onnx  onnxruntime cannot load it');
    expect(await failure(parts, { onnx: 'no/such.onnx' })).toContain('no/such.onnx  cannot be read: ENOENT');
    expect(await failure(parts, { csv: 'no/such.csv' })).toContain('no/such.csv  cannot be read: ENOENT');
    const empty = join(place.folder, 'empty.csv');
    await writeFile(empty, 'a,b\n');
    expect(await failure(parts, { csv: empty })).toContain('has no rows; the first line is the header');
  });
  test('a model whose weights are in a file of their own', async () => {
    await writeFile(join(place.folder, 'flowers.onnx.data'), 'weights');
    const parts = { onnx: classifier().slice(0, 100), rows: flowers(50, 1) };
    expect(await failure(parts)).toContain('flowers.onnx.data beside it; export it as one file');
  });
  test('a file that skl2onnx made of a row of 64 bits', async () => {
    const parts = { onnx: sklearnClassifier(FLOWERS, KINDS, 'double map'), rows: flowers(50, 1) };
    expect(await failure(parts)).toContain(
      'export it with float32 rows, such as to_onnx(model, X[:1].astype("float32"))',
    );
  });
  test('an output for each class', async () => {
    const onnx = columnsClassifier(KINDS);
    expect(await failure({ onnx, rows: flowers(50, 1) })).toContain('has an output for each class (label');
  });
  test('a folder that holds something', async () => {
    await mkdir(place.project);
    await writeFile(join(place.project, 'model.yaml'), 'name: mine\n');
    const again = place.init({ onnx: classifier(), rows: flowers(50, 1) });
    await expect(again).rejects.toThrow(
      /my-model {2}is there already, with model\.yaml; name a folder that is not there yet/,
    );
  });
});
