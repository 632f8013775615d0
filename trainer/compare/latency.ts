import type { FeatureBatch } from '../../core/inference/batch.js';
import { inferAll } from '../../core/inference/infer-all.js';
import { loadOnnxModel } from '../../core/inference/onnx-session.js';
import type { Manifest } from '../../core/manifest/manifest.js';

const PASSES = 3;

/** Microseconds a row that a model takes in batches, the best of three passes after a first that is not counted. */
export async function measureMicroseconds(onnx: Uint8Array, manifest: Manifest, batch: FeatureBatch): Promise<number> {
  const model = await loadOnnxModel(onnx, manifest);
  try {
    let best = Infinity;
    for (let pass = 0; pass <= PASSES; pass++) {
      const began = performance.now();
      await inferAll(model, manifest, batch);
      if (pass > 0) best = Math.min(best, ((performance.now() - began) * 1000) / batch.rows);
    }
    return best;
  } finally {
    await model.release();
  }
}
