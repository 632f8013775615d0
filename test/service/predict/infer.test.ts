import { expect, test } from 'vitest';
import type { FeatureBatch, PredictionBatch } from '../../../core/inference/batch.js';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { DeadlineExceededError } from '../../../service/errors.js';
import { createInfer } from '../../../service/predict/infer.js';
import type { Patience } from '../../../service/predict/patience.js';
import { shareRows } from '../../../service/predict/share-rows.js';

const manifest = {
  name: 'twice',
  task: 'regression',
  classes: [],
  features: [{ name: 'x', type: 'numeric', missing: false, outOfRange: 'flag' }],
  onnx: { input: 'tensor', value: 'value' },
} as unknown as Manifest;

const ENDLESS: Patience = { assertWanted: () => undefined };

function batchOf(...values: number[]): FeatureBatch {
  return { rows: values.length, numeric: Float64Array.from(values), categorical: [] };
}

/** A model that answers twice its input and keeps the rows of each run. */
function createTwice(sliceRows: number, refuse: (batch: FeatureBatch) => boolean = () => false) {
  const runs: number[][] = [];
  const infer = createInfer({
    manifest,
    sliceRows,
    onRun: () => undefined,
    model: {
      infer: async (batch): Promise<PredictionBatch> => {
        runs.push(Array.from(batch.numeric));
        if (refuse(batch)) throw new Error('cannot');
        return { rows: batch.rows, values: Float32Array.from(batch.numeric, (value) => value * 2) };
      },
    },
  });
  const askWith = async (patience: Patience, ...values: number[]): Promise<number[]> =>
    Array.from((await infer(batchOf(...values), patience)).values!);
  const ask = (...values: number[]): Promise<number[]> => askWith(ENDLESS, ...values);
  return { ask, askWith, runs };
}

test('answers requests that wait together with one run, each its own rows', async () => {
  const { ask, runs } = createTwice(10);
  expect(await Promise.all([ask(1), ask(2, 3), ask(4)])).toEqual([[2], [4, 6], [8]]);
  expect(runs).toEqual([[1, 2, 3, 4]]);
});

test('cuts a large request into slices and lets a small one that comes later into the next run', async () => {
  const { ask, runs } = createTwice(4);
  const values = Array.from({ length: 20 }, (_, i) => i);
  const large = ask(...values);
  await new Promise(setImmediate);
  expect(runs).toHaveLength(1);
  const before = runs.length;
  expect(await ask(100)).toEqual([200]);
  expect(runs.findIndex((run) => run.includes(100)) - before).toBeLessThanOrEqual(1);
  expect(runs.length).toBeLessThan(5);
  expect(await large).toEqual(values.map((value) => value * 2));
  expect(Math.max(...runs.map((run) => run.length))).toBe(4);
});

test('serves everyone when more wait than a run holds', async () => {
  const { ask, runs } = createTwice(3);
  const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => ask(i, i + 0.5)));
  expect(answers).toEqual(Array.from({ length: 10 }, (_, i) => [i * 2, i * 2 + 1]));
  expect(runs.every((run) => run.length <= 3)).toBe(true);
});

test('fails only the request whose rows the model cannot take', async () => {
  const { ask } = createTwice(10, (batch) => batch.numeric.includes(13));
  const [first, second, third] = await Promise.allSettled([ask(1), ask(2, 13), ask(3)]);
  expect(first).toEqual({ status: 'fulfilled', value: [2] });
  expect(third).toEqual({ status: 'fulfilled', value: [6] });
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'inference_failed', status: 500 } });
});

test('fails a request that is answered with NaN or infinity', async () => {
  const { ask } = createTwice(10);
  const [good, bad] = await Promise.allSettled([ask(1), ask(3e38)]);
  expect(good.status).toBe('fulfilled');
  expect(bad).toMatchObject({ status: 'rejected', reason: { code: 'inference_failed' } });
});

test('shares rows out: an equal part each, then what is left in order', () => {
  expect(shareRows([1, 1, 1], 10)).toEqual([1, 1, 1]);
  expect(shareRows([100, 1], 10)).toEqual([9, 1]);
  expect(shareRows([100, 100, 1], 10)).toEqual([6, 3, 1]);
  expect(shareRows([5, 5, 5], 2)).toEqual([1, 1, 0]);
  expect(shareRows([7], 3)).toEqual([3]);
});

test('gives no run to a request that nobody wants any more, and answers those beside it', async () => {
  const { ask, askWith, runs } = createTwice(10);
  const late = { assertWanted: () => expire() };
  const [refused, answered] = await Promise.allSettled([askWith(late, 1, 2), ask(3)]);
  expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'deadline_exceeded' } });
  expect(answered).toEqual({ status: 'fulfilled', value: [6] });
  expect(runs).toEqual([[3]]);
});

test('stops a large request between two runs once nobody wants it', async () => {
  const { askWith, runs } = createTwice(4);
  const fewRuns = { assertWanted: () => (runs.length < 2 ? undefined : expire()) };
  await expect(askWith(fewRuns, ...Array.from({ length: 20 }, (_, i) => i))).rejects.toThrow(DeadlineExceededError);
  expect(runs).toHaveLength(2);
});

function expire(): never {
  throw new DeadlineExceededError(5);
}
