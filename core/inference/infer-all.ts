import { categoricalFeatures, type Manifest, numericFeatures } from '../manifest/manifest.js';
import type { FeatureBatch, PredictionBatch } from './batch.js';
import type { OnnxModel } from './onnx-session.js';

const SLICE_ROWS = 1024;

/** Answers a batch of any size in slices, giving other work a turn between them. */
export async function inferAll(
  model: Pick<OnnxModel, 'infer'>,
  manifest: Manifest,
  batch: FeatureBatch,
): Promise<PredictionBatch> {
  const slices: PredictionBatch[] = [];
  for (let start = 0; start < batch.rows; start += SLICE_ROWS) {
    slices.push(await model.infer(sliceBatch(manifest, batch, start, Math.min(start + SLICE_ROWS, batch.rows))));
    await new Promise(setImmediate);
  }
  return concatPredictions(slices);
}

/** Rows [start, end) of a batch. */
export function sliceBatch(
  manifest: Pick<Manifest, 'features'>,
  batch: FeatureBatch,
  start: number,
  end: number,
): FeatureBatch {
  const numbers = numericFeatures(manifest).length;
  const texts = categoricalFeatures(manifest).length;
  return {
    rows: end - start,
    numeric: batch.numeric.subarray(start * numbers, end * numbers),
    categorical: batch.categorical.slice(start * texts, end * texts),
  };
}

function concatPredictions(slices: PredictionBatch[]): PredictionBatch {
  const floats = (pick: (s: PredictionBatch) => Float32Array | undefined): Float32Array =>
    Float32Array.from(slices.flatMap((s) => Array.from(pick(s) ?? [])));
  return {
    rows: slices.reduce((sum, s) => sum + s.rows, 0),
    ...(slices[0]?.labels && { labels: slices.flatMap((s) => s.labels ?? []) }),
    ...(slices[0]?.probabilities && { probabilities: floats((s) => s.probabilities) }),
    ...(slices[0]?.values && { values: floats((s) => s.values) }),
  };
}
