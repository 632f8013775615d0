import type { FeatureBatch } from '../inference/batch.js';
import { loadOnnxModel } from '../inference/onnx-session.js';
import type { Manifest } from '../manifest/manifest.js';
import { createRandom } from '../random.js';
import { permutationImportance } from '../reference/permutation-importance.js';

/** One seed for all: the same model and rows give the same importances. */
const SEED = 1;

/** How much each feature moves the answers of a model that was found to fit its manifest, on reference rows. */
export async function featureImportances(onnx: Uint8Array, manifest: Manifest, batch: FeatureBatch): Promise<number[]> {
  const model = await loadOnnxModel(onnx, manifest);
  try {
    return await permutationImportance({ model, manifest, batch, random: createRandom(SEED) });
  } finally {
    await model.release();
  }
}
