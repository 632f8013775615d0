import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { createRandom } from '../../../core/random.js';
import { writeTrainingInput } from '../../../core/training/contract.js';
import { runTrainingCommand } from '../../../core/training/run-command.js';
import { toDataset } from '../../../trainer/builtin/to-dataset.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-builtin-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const manifest = {
  name: 'small',
  task: 'binary',
  target: 'sold',
  classes: ['no', 'yes'],
  features: [
    { name: 'colour', type: 'categorical', categories: ['red', 'blue'], missing: true, unseen: 'flag' },
    { name: 'price', type: 'numeric', missing: true, outOfRange: 'flag' },
    { name: 'new', type: 'boolean', missing: true },
  ],
} as unknown as Manifest;
const request = { modelName: 'small', seed: 5, parentVersion: 1, metric: 'accuracy' } as const;

function rowsOf(count: number) {
  const random = createRandom(1);
  const instances = Array.from({ length: count }, () => ({
    colour: random.next() < 0.5 ? 'red' : 'blue',
    price: random.next() < 0.1 ? null : random.normal(),
    new: random.next() < 0.5,
  }));
  const targets = instances.map((row) => ((row.price ?? 0) > 0 === (row.colour === 'red') ? 'yes' : 'no'));
  return { instances, targets, weights: targets.map(() => 1) };
}

test('trains on an input folder, says how it goes, and gives the same model for the same seed', async () => {
  const input = join(folder, 'in');
  await writeTrainingInput(input, manifest, rowsOf(300), request);
  const runs = [];
  for (const output of ['one', 'two']) {
    runs.push(await runTrainingCommand({ command: undefined, input, output: join(folder, output), timeoutMs: 60_000 }));
  }
  const [one, two] = runs;
  expect(one!.onnx.equals(two!.onnx)).toBe(true);
  expect(one!.metrics).toMatchObject({ rows: expect.any(Number), iterations: expect.any(Number) });
  expect(one!.metrics.accuracy).toBeGreaterThan(0.9);
  expect(Object.keys(one!.metrics.featureImportance as object)).toEqual(['colour', 'price', 'new']);
  expect(one!.log).toMatch(/read 300 rows with 3 features\ntrained \d+ iterations in [\d.]+ s\nvalidation rows 30/);
  expect(JSON.parse(await readFile(join(folder, 'one', 'metrics.json'), 'utf8'))).toEqual(one!.metrics);
});

test('searches in threads as it is asked to, and gives the same model whatever their number', async () => {
  const runs = [];
  for (const threads of [1, 2]) {
    const input = join(folder, `in-${threads}`);
    const training = { trials: 6, folds: 2, threads, classWeights: 'balanced' as const };
    await writeTrainingInput(input, { ...manifest, training }, rowsOf(300), request);
    const output = join(folder, String(threads));
    runs.push(await runTrainingCommand({ command: undefined, input, output, timeoutMs: 60_000 }));
  }
  const [one, two] = runs;
  expect(one!.onnx.equals(two!.onnx)).toBe(true);
  expect(one!.log).toMatch(/trial 6 of 6: \w+, log_loss [\d.]+ in [\d.]+ s.*; best [\d.]+ by trial \d+/);
  expect(one!.trials.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(one!.trials.slice(0, 3).map(({ family }) => family)).toEqual(['boosting', 'forest', 'linear']);
  const { family, bestTrial, rows, codeVersion, permutationImportance } = one!.metrics;
  expect(one!.trials[bestTrial as number]!.family).toBe(family);
  expect(rows).toBe(300);
  expect(codeVersion).toMatch(/^built-in trainer \d+\.\d+\.\d+\+[0-9a-f]{12}$/);
  expect(Object.keys(permutationImportance as object)).toEqual(['colour', 'price', 'new']);
});

test('says which family it does not have', async () => {
  const input = join(folder, 'in');
  const training = { trials: 2, families: ['lightgbm'] };
  await writeTrainingInput(input, { ...manifest, training }, rowsOf(100), request);
  const run = runTrainingCommand({ command: undefined, input, output: join(folder, 'out'), timeoutMs: 60_000 });
  await expect(run).rejects.toThrow(/names "lightgbm", the built-in trainer has boosting, forest, linear/);
});

test('ends with a message, not a stack, when it cannot train', async () => {
  const input = join(folder, 'in');
  await writeTrainingInput(input, manifest, rowsOf(5), request);
  const run = runTrainingCommand({ command: undefined, input, output: join(folder, 'out'), timeoutMs: 60_000 });
  await expect(run).rejects.toThrow(/exit code 1: train: 5 rows have a weight above 0, needs at least 20/);
});

test('turns rows into columns: missing and unknown values, booleans, classes', () => {
  const dataset = toDataset(manifest, {
    instances: [
      { colour: 'blue', price: 2, new: true },
      { colour: 'green', price: null, new: false },
      { colour: null, price: 3 },
    ],
    targets: ['yes', 'no', 'yes'],
    weights: [1, 2, 3],
  });
  expect(dataset).toEqual({
    rows: 3,
    columns: [
      { name: 'colour', type: 'categorical', categories: ['red', 'blue'], codes: Int32Array.of(1, -1, -1) },
      { name: 'price', type: 'numeric', values: Float64Array.of(2, Number.NaN, 3) },
      { name: 'new', type: 'numeric', values: Float64Array.of(1, 0, Number.NaN) },
    ],
    target: Float64Array.of(1, 0, 1),
    weights: Float64Array.of(1, 2, 3),
  });
});
