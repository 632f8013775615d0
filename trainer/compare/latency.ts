import type { FeatureBatch } from '../../core/inference/batch.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import type { Manifest } from '../../core/manifest/manifest.js';
import { Stopped } from '../stopped.js';

const LEAST_PASSES = 3;
/** Answered in all: a pass over few rows takes a millisecond, and where the processor is shared three such may all be interrupted. */
const LEAST_ROWS = 10_000;
/** After which no more passes begin: a model that is too slow is known by then. */
const LONGEST_MS = 2_000;
/** A challenger may take this many times as long as the champion: a linear model's successor may well be 500 trees. */
const SLOWEST_FACTOR = 50;
/** Below this a row is fast enough whatever the champion takes. */
const FAST_MICROSECONDS = 200;

/** Refuses a challenger that is absurdly slow beside the champion; both in microseconds a row. @throws Stopped failed */
export function assertFastEnough(challenger: number, champion: number): void {
  const limit = Math.max(FAST_MICROSECONDS, SLOWEST_FACTOR * champion);
  if (challenger <= limit) return;
  throw new Stopped(
    'failed',
    `the challenger takes ${challenger.toFixed(0)} µs a row, the champion ${champion.toFixed(0)} µs; at most ${limit.toFixed(0)} µs are allowed: train a smaller model`,
  );
}

/** Microseconds a row that a model takes in batches, the best of several passes after a first that is not counted. */
export async function measureMicroseconds(onnx: Uint8Array, manifest: Manifest, batch: FeatureBatch): Promise<number> {
  const model = await loadOnnxModel(onnx, manifest);
  try {
    let best = Infinity;
    const passes = Math.max(LEAST_PASSES, Math.ceil(LEAST_ROWS / batch.rows));
    const start = performance.now();
    for (let pass = 0; pass <= passes; pass++) {
      if (pass > LEAST_PASSES && performance.now() - start > LONGEST_MS) break;
      const began = performance.now();
      await inferAll(model, manifest, batch);
      if (pass > 0) best = Math.min(best, ((performance.now() - began) * 1000) / batch.rows);
    }
    return best;
  } finally {
    await model.release();
  }
}
