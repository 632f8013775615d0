import { encodeInstances } from '../inference/batch.js';
import type { Feature, Instance, Manifest } from '../manifest/manifest.js';
import { rawColumns } from './compile-step.js';
import { exampleInputs } from './example-inputs.js';
import { requestFields } from './request-fields.js';
import type { Medians } from './step.js';
import { weightedMedian } from './weighted-median.js';

/** Rows of raw inputs that a model learns from; each counts 1 unless weighted. */
export interface FittingRows {
  instances: Instance[];
  weights?: number[];
}

/**
 * Fits what a preparation takes from the training rows, and fills in the examples of inputs that have none. Nothing else of the manifest changes; one
 * without inputs comes back as it is. Only training rows may go in: what is held out would leak into the features.
 */
export function fitPreparation(manifest: Manifest, rows: FittingRows): Manifest {
  if (!manifest.inputs) return manifest;
  const fitMedians = createFit(manifest, rows);
  const features = manifest.features.map((feature): Feature => {
    if (feature.from?.step !== 'minusMedian') return feature;
    return { ...feature, from: { ...feature.from, medians: fitMedians(feature.from.of[0]!, feature.from.of[1]!) } };
  });
  return { ...manifest, features, inputs: exampleInputs(manifest, manifest.inputs, rows.instances) };
}

/** The medians of a number over all rows and over the rows of each category; rows without the number do not count. */
function createFit(manifest: Manifest, { instances, weights }: FittingRows): (of: string, by: string) => Medians {
  const fields = requestFields(manifest);
  const raw = encodeInstances({ features: fields }, instances);
  const columns = rawColumns(fields);
  return (of, by) => {
    const [value, category] = [columns.number(of), columns.text(by)];
    const all: [number, number][] = [];
    const groups = new Map<string, [number, number][]>();
    for (let row = 0; row < raw.rows; row++) {
      const pair: [number, number] = [value(raw, row), weights?.[row] ?? 1];
      const name = category(raw, row);
      if (Number.isNaN(pair[0])) continue;
      all.push(pair);
      if (name === null) continue;
      const group = groups.get(name);
      if (group) group.push(pair);
      else groups.set(name, [pair]);
    }
    const byCategory = [...groups].map(([name, pairs]) => [name, weightedMedian(pairs)] as const);
    return { overall: all.length > 0 ? weightedMedian(all) : 0, byCategory: Object.fromEntries(byCategory) };
  };
}
