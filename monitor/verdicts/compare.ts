import type { SubjectProfile } from '../../core/reference/profile.js';
import {
  type CellsComparison,
  compareCategories,
  compareCells,
  compareOrder,
  type OrderComparison,
} from './distribution-tests.js';
import type { MethodTest } from './method-test.js';
import { compareRates } from './rate-tests.js';
import type { SubjectSettings } from './subject-monitoring.js';

/** Reference and current window of one subject, compared. */
export interface Comparison {
  cells: CellsComparison;
  /** Undefined for a categorical subject and without values. */
  order: OrderComparison | undefined;
  /** All tests that decide, those of cells and order included. */
  tests: MethodTest[];
}

/** Compares a window with the reference of a subject. @param counts  over the frozen cells, at least one row */
export function compare(subject: SubjectProfile, counts: ArrayLike<number>, settings: SubjectSettings): Comparison {
  const cells = compareCells(subject, counts, settings);
  const order = compareOrder(subject, counts, settings);
  const categories = compareCategories(subject, counts, settings);
  const all = [
    cells,
    ...(order ? [order] : []),
    ...(categories ? [categories] : []),
    ...compareRates(subject, counts, settings),
  ];
  return { cells, order, tests: all.filter((test) => test.effects.length > 0) };
}
