import { categoricalFeatures, type Manifest, numericFeatures } from '../manifest/manifest.js';
import type { FeatureBatch } from './batch.js';

/** The features of a stored prediction, in manifest order. */
export interface StoredFeatures {
  /** Numbers and truth values: null where missing; or as one text, comma-separated, `NaN` where missing, which is read several times faster. */
  numeric: (number | null)[] | string;
  /** Null where missing. */
  categorical: (string | null)[];
}

/** Rows of `predictions` as the batch that the model was given. A value that is not there is missing. */
export function decodeStoredRows(manifest: Pick<Manifest, 'features'>, rows: StoredFeatures[]): FeatureBatch {
  const width = numericFeatures(manifest).length;
  const texts = categoricalFeatures(manifest).length;
  const numeric = new Float64Array(rows.length * width);
  const categorical = new Array<string | null>(rows.length * texts);
  rows.forEach((row, r) => {
    const cells = typeof row.numeric === 'string' ? row.numeric.split(',') : row.numeric;
    // Number(undefined) is NaN, Number(null) is 0.
    for (let i = 0; i < width; i++) numeric[r * width + i] = cells[i] === null ? Number.NaN : Number(cells[i]);
    for (let i = 0; i < texts; i++) categorical[r * texts + i] = row.categorical[i] ?? null;
  });
  return { rows: rows.length, numeric, categorical };
}
