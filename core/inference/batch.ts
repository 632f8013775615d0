import type { CategoricalFeature, Feature, Instance, Manifest } from '../manifest/manifest.js';
import { categoricalFeatures, numericFeatures } from '../manifest/manifest.js';

/**
 * Rows in the one form shared by tensors, storage, monitoring and training.
 * `numeric` holds the numeric and boolean features, row-major in manifest order, NaN where missing (booleans 1 or 0);
 * `categorical` holds the categorical features likewise, null where missing.
 */
export interface FeatureBatch {
  rows: number;
  numeric: Float64Array;
  categorical: (string | null)[];
}

/** The answers to a batch, row-major. Classification: `labels` and, if the model gives them, `probabilities` (rows x classes). Regression: `values`. */
export interface PredictionBatch {
  rows: number;
  labels?: string[];
  probabilities?: Float32Array;
  values?: Float32Array;
}

/** Turns validated instances into a batch. The only place that knows feature order and encoding. */
export function encodeInstances(manifest: Pick<Manifest, 'features'>, instances: Instance[]): FeatureBatch {
  const numbers = numericFeatures(manifest);
  const texts = categoricalFeatures(manifest);
  const numeric = new Float64Array(instances.length * numbers.length);
  const categorical = new Array<string | null>(instances.length * texts.length);
  let n = 0;
  let c = 0;
  for (const instance of instances) {
    for (const feature of numbers) {
      const value = ownValue(instance, feature.name);
      numeric[n++] = value === null || value === undefined ? Number.NaN : Number(value);
    }
    for (const feature of texts) {
      const value = ownValue(instance, feature.name);
      const isMissing = value === null || value === undefined || (value === '' && isEmptyMissing(feature));
      categorical[c++] = isMissing ? null : String(value);
    }
  }
  return { rows: instances.length, numeric, categorical };
}

/**
 * Whether the empty text is a missing value: of a raw text that may be missing, as CSV files cannot tell the two apart. What
 * is learned from a file later is then what was served.
 */
export function isEmptyMissing({ free, missing }: Pick<CategoricalFeature, 'free' | 'missing'>): boolean {
  return free === 'text' && missing;
}

/** What the instance itself holds: a feature may have the name of something every object inherits, such as `constructor`. */
function ownValue(instance: Instance, name: string): Instance[string] {
  return Object.hasOwn(instance, name) ? instance[name] : undefined;
}

/** The inverse of `encodeInstances`: rows with their feature names, missing as null. */
export function decodeInstances(manifest: Pick<Manifest, 'features'>, batch: FeatureBatch): Instance[] {
  const width = numericFeatures(manifest).length;
  const texts = categoricalFeatures(manifest).length;
  return Array.from({ length: batch.rows }, (_, row) => {
    let n = row * width;
    let c = row * texts;
    const read = (feature: Feature): Instance[string] => {
      if (feature.type === 'categorical') return batch.categorical[c++]!;
      const value = batch.numeric[n++]!;
      if (Number.isNaN(value)) return null;
      return feature.type === 'boolean' ? value !== 0 : value;
    };
    return Object.fromEntries(manifest.features.map((feature) => [feature.name, read(feature)]));
  });
}

/** Joins batches of the same manifest, in order. */
export function concatBatches(batches: FeatureBatch[]): FeatureBatch {
  if (batches.length === 1) return batches[0]!;
  let rows = 0;
  let numbers = 0;
  for (const batch of batches) {
    rows += batch.rows;
    numbers += batch.numeric.length;
  }
  const numeric = new Float64Array(numbers);
  const categorical: (string | null)[] = [];
  let offset = 0;
  for (const batch of batches) {
    // Faster than `set` for the few numbers of a row.
    for (let i = 0; i < batch.numeric.length; i++) numeric[offset++] = batch.numeric[i]!;
    for (const text of batch.categorical) categorical.push(text);
  }
  return { rows, numeric, categorical };
}
