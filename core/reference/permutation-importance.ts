import type { FeatureBatch, PredictionBatch } from '../inference/batch.js';
import { inferAll } from '../inference/infer-all.js';
import type { OnnxModel } from '../inference/onnx-session.js';
import { type Manifest, numericFeatures } from '../manifest/manifest.js';
import type { Random } from '../random.js';

/** Rows that are answered again for each feature. */
const MOST_ROWS = 1_000;

/**
 * How much each feature moves a model's answers: its values are shuffled among at most a thousand rows, all else left as
 * it is, and the answers compared with those before. The change of an answer is half the sum of the absolute changes of
 * its class probabilities, 1 or 0 for a model that answers labels only, and the absolute change of a regression's value.
 * Shares of the sum over features, in manifest order, each in [0, 1]; all 0 where nothing moves the answers.
 * Says what the model looks at, not what is right to look at. Of features that tell the same, each gets a part, and
 * shuffling one makes rows that no one has seen. Costs an inference of the rows for each feature.
 * Source: Breiman 2001, section 10, with the change of the answer in place of the loss: no outcome is needed.
 */
export async function permutationImportance(options: {
  model: Pick<OnnxModel, 'infer'>;
  manifest: Manifest;
  batch: FeatureBatch;
  random: Random;
}): Promise<number[]> {
  const { manifest, random } = options;
  const batch = sampleRows(manifest, options.batch, random);
  const infer = (rows: FeatureBatch): Promise<PredictionBatch> => inferAll(options.model, manifest, rows);
  const before = await infer(batch);
  const order = random.shuffle(Array.from({ length: batch.rows }, (_, row) => row));
  const changes: number[] = [];
  let [number, text] = [0, 0];
  for (const feature of manifest.features) {
    const shuffled =
      feature.type === 'categorical'
        ? { ...batch, categorical: shuffleColumn(batch.categorical, order, text++) }
        : { ...batch, numeric: Float64Array.from(shuffleColumn(Array.from(batch.numeric), order, number++)) };
    changes.push(changeOf(before, await infer(shuffled)));
  }
  const total = changes.reduce((sum, change) => sum + change, 0);
  return changes.map((change) => (total > 0 ? change / total : 0));
}

function sampleRows(manifest: Manifest, batch: FeatureBatch, random: Random): FeatureBatch {
  if (batch.rows <= MOST_ROWS) return batch;
  const width = numericFeatures(manifest).length;
  const texts = manifest.features.length - width;
  const rows = random.shuffle(Array.from({ length: batch.rows }, (_, row) => row)).slice(0, MOST_ROWS);
  return {
    rows: rows.length,
    numeric: Float64Array.from(
      rows.flatMap((row) => Array.from(batch.numeric.subarray(row * width, (row + 1) * width))),
    ),
    categorical: rows.flatMap((row) => batch.categorical.slice(row * texts, (row + 1) * texts)),
  };
}

/** The values of one column in another order of the rows, all else as it was. */
function shuffleColumn<T>(cells: T[], order: number[], column: number): T[] {
  const width = cells.length / order.length;
  const shuffled = cells.slice();
  order.forEach((from, row) => {
    shuffled[row * width + column] = cells[from * width + column]!;
  });
  return shuffled;
}

/** Mean change of an answer, >= 0. */
function changeOf(before: PredictionBatch, after: PredictionBatch): number {
  const [a, b] = [before.probabilities ?? before.values, after.probabilities ?? after.values];
  let change = 0;
  if (a && b) for (let i = 0; i < a.length; i++) change += Math.abs(a[i]! - b[i]!) / (before.probabilities ? 2 : 1);
  else for (let row = 0; row < before.rows; row++) change += before.labels?.[row] === after.labels?.[row] ? 0 : 1;
  return change / before.rows;
}
