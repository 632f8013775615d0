import type { Column } from '../dataset.js';
import { type LinearFeature, MOST_DEVIATIONS } from './model.js';

/** The terms of some rows: dense for numeric features, one number a row for a categorical one. */
export interface Terms {
  readonly rows: number;
  /** By numeric feature: the value that enters, 0 where missing. */
  readonly values: readonly Float64Array[];
  /** By numeric feature: 1 where missing; undefined where no value is. */
  readonly missing: readonly (Uint8Array | undefined)[];
  /** By categorical feature: which of all terms is set, -1 for none. */
  readonly flags: readonly Int32Array[];
}

/**
 * Reads rows as a linear model sees them, in float32 as the exported model does.
 * @throws RangeError  a feature of the model has no column, or one of the other type
 */
export function readTerms(
  features: readonly LinearFeature[],
  dataset: { rows: number; columns: readonly Column[] },
): Terms {
  const values: Float64Array[] = [];
  const missing: (Uint8Array | undefined)[] = [];
  const flags: Int32Array[] = [];
  let term = 2 * features.filter(({ type }) => type === 'numeric').length;
  for (const feature of features) {
    const column = dataset.columns.find(({ name }) => name === feature.name);
    if (feature.type === 'numeric' && column?.type === 'numeric') {
      values.push(Float64Array.from(column.values, (value) => valueIn(value, feature)));
      const isMissing = Uint8Array.from(column.values, (value) => (Number.isNaN(value) ? 1 : 0));
      missing.push(isMissing.includes(1) ? isMissing : undefined);
    } else if (feature.type === 'categorical' && column?.type === 'categorical') {
      const first = term;
      const termOf = column.categories.map((category) => {
        const at = category === '' ? -1 : feature.categories.indexOf(category);
        return at < 0 ? -1 : first + at;
      });
      flags.push(Int32Array.from(column.codes, (code) => (code < 0 ? -1 : termOf[code]!)));
      term += feature.categories.length;
    } else {
      throw new RangeError(
        `predict: feature "${feature.name}" needs a ${feature.type} column, the dataset has ${column?.type ?? 'none'}`,
      );
    }
  }
  return { rows: dataset.rows, values, missing, flags };
}

function valueIn(value: number, { mean, scale }: { mean: number; scale: number }): number {
  if (Number.isNaN(value)) return 0;
  const scaled = Math.fround(Math.fround(Math.fround(value) - mean) * scale);
  return Math.min(MOST_DEVIATIONS, Math.max(-MOST_DEVIATIONS, scaled));
}

/** Adds the weighted sum of one row's terms to `scores` (one an output). `weights`: term * outputs + output. */
export function addTerms(terms: Terms, row: number, weights: Float32Array | Float64Array, scores: Float64Array): void {
  const outputs = scores.length;
  const numeric = terms.values.length;
  const add = (term: number, factor: number): void => {
    for (let output = 0; output < outputs; output++) scores[output]! += factor * weights[term * outputs + output]!;
  };
  for (let i = 0; i < numeric; i++) {
    if (terms.missing[i]?.[row] === 1) add(numeric + i, 1);
    else add(i, terms.values[i]![row]!);
  }
  for (const flag of terms.flags) if (flag[row]! >= 0) add(flag[row]!, 1);
}
