import { expect, test } from 'vitest';
import type { FeatureBatch, PredictionBatch } from '../../../core/inference/batch.js';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import { permutationImportance } from '../../../core/reference/permutation-importance.js';
import { testManifest } from '../../monitor/fixture.js';

const manifest = testManifest('weighed');
const random = createRandom(3);
const rows = 3_000;
const batch: FeatureBatch = {
  rows,
  numeric: Float64Array.from({ length: rows * 2 }, () => random.next()),
  categorical: Array.from({ length: rows }, () => (random.next() < 0.5 ? 'red' : 'white')),
};

type Answer = (alcohol: number, sugar: number, colour: string | null) => number;

/** A model whose answer to a row is a function of its three features. */
function modelOf(answer: Answer, task: Manifest['task']) {
  let inferred = 0;
  const infer = async ({ rows, numeric, categorical }: FeatureBatch): Promise<PredictionBatch> => {
    inferred += rows;
    const values = Array.from({ length: rows }, (_, i) =>
      answer(numeric[2 * i]!, numeric[2 * i + 1]!, categorical[i]!),
    );
    if (task === 'regression') return { rows, values: Float32Array.from(values) };
    return { rows, labels: values.map(String), probabilities: Float32Array.from(values.flatMap((p) => [1 - p, p])) };
  };
  return { model: { infer }, inferred: () => inferred };
}

const importancesOf = (answer: Answer, task: Manifest['task'] = 'regression') =>
  permutationImportance({ ...modelOf(answer, task), manifest: { ...manifest, task }, batch, random: createRandom(1) });

test('are shares in manifest order, by how far each feature moves the answers', async () => {
  const [alcohol, sugar, colour] = await importancesOf((a, s) => 3 * a + s);
  expect(alcohol! / sugar!).toBeCloseTo(3, 0);
  expect(colour).toBe(0);
  expect(alcohol! + sugar!).toBeCloseTo(1, 12);
});

test('of a category, and of class probabilities', async () => {
  const [alcohol, sugar, colour] = await importancesOf((_, s, c) => (c === 'red' ? 0.8 : 0.2) + s / 100, 'binary');
  expect(alcohol).toBe(0);
  expect(colour! / sugar!).toBeGreaterThan(20);
});

test('are all 0 for a model that answers the same to everything', async () => {
  expect(await importancesOf(() => 1)).toEqual([0, 0, 0]);
});

test('cost an inference of a thousand rows for each feature and one more, and leave the batch as it was', async () => {
  const before = { numeric: batch.numeric.slice(), categorical: [...batch.categorical] };
  const { model, inferred } = modelOf((a) => a, 'regression');
  await permutationImportance({ model, manifest: { ...manifest, task: 'regression' }, batch, random: createRandom(1) });
  expect(inferred()).toBe(4_000);
  expect({ numeric: batch.numeric, categorical: batch.categorical }).toEqual(before);
});
