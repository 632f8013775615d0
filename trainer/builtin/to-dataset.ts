import type { Feature, Manifest } from '../../core/manifest/manifest.js';
import type { TrainingRows } from '../../core/training/contract.js';
import type { Column, Dataset } from './dataset.js';

/** Labelled rows by column. A missing value is NaN, or code -1 for a category; so is a category that the manifest does not list. */
export function toDataset(manifest: Pick<Manifest, 'features' | 'classes' | 'task'>, rows: TrainingRows): Dataset {
  const classIndex = new Map(manifest.classes.map((name, i) => [name, i]));
  const target = Float64Array.from(rows.targets, (text) =>
    manifest.task === 'regression' ? Number(text) : classIndex.get(text)!,
  );
  return {
    rows: rows.targets.length,
    columns: manifest.features.map((feature) => toColumn(feature, rows)),
    target,
    weights: Float64Array.from(rows.weights),
  };
}

function toColumn(feature: Feature, { instances }: TrainingRows): Column {
  const { name } = feature;
  if (feature.type === 'categorical') {
    const codes = new Map(feature.categories.map((category, i) => [category, i]));
    return {
      name,
      type: 'categorical',
      categories: feature.categories,
      codes: Int32Array.from(instances, (instance) => codes.get(String(instance[name] ?? '')) ?? -1),
    };
  }
  const values = Float64Array.from(instances, (instance) => {
    const value = instance[name];
    return value === null || value === undefined ? Number.NaN : Number(value);
  });
  return { name, type: 'numeric', values };
}
