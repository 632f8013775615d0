import { encodeInstances, type FeatureBatch } from '../inference/batch.js';
import { categoricalFeatures, type Instance, type Manifest, numericFeatures } from '../manifest/manifest.js';
import { compileStep, rawColumns } from './compile-step.js';
import { requestFields } from './request-fields.js';

/** Makes the features of a model out of its raw inputs, row by row. */
export type Prepare = (raw: FeatureBatch) => FeatureBatch;

/**
 * Compiles the feature preparation of a manifest: the one definition that training, serving and replay run. Each row is made
 * from itself and the frozen medians alone, so the same inputs give the same features bit for bit, however rows are batched.
 * @throws Error  medians that were not fitted
 */
export function createPrepare(manifest: Pick<Manifest, 'features' | 'inputs'>): Prepare {
  const columns = rawColumns(requestFields(manifest));
  const numbers = numericFeatures(manifest).map(({ name, from }) =>
    compileStep(from ?? { step: 'input', of: [name] }, columns),
  );
  const texts = categoricalFeatures(manifest).map(({ name, from }) => columns.text(from?.of[0] ?? name));
  return (raw) => {
    const numeric = new Float64Array(raw.rows * numbers.length);
    const categorical = new Array<string | null>(raw.rows * texts.length);
    let n = 0;
    let c = 0;
    for (let row = 0; row < raw.rows; row++) {
      for (const make of numbers) numeric[n++] = make(raw, row);
      for (const read of texts) categorical[c++] = read(raw, row);
    }
    return { rows: raw.rows, numeric, categorical };
  };
}

/** Turns rows of a request or of reference.csv into the batch that the model is given: prepared where the manifest has inputs. */
export function encodeRows(manifest: Pick<Manifest, 'features' | 'inputs'>, instances: Instance[]): FeatureBatch {
  if (!manifest.inputs) return encodeInstances(manifest, instances);
  return createPrepare(manifest)(encodeInstances({ features: requestFields(manifest) }, instances));
}
