import { WINE_FEATURES } from '../model/columns.js';
import type { SampleRow } from '../model/prepare.js';

/** The features of a row by name, in the order of the model's input. */
export function namedRow(row: SampleRow): Record<string, number> {
  return Object.fromEntries(WINE_FEATURES.map(({ name }, i) => [name, row.features[i]!]));
}
