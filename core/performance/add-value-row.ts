import { binOf } from '../reference/profile.js';
import { MOMENTS, type Moment, type ValueLayout } from './layout.js';
import type { ReferencePerformance } from './reference-performance.js';
import type { Add } from './sums.js';

/** What is further out than this many scales is a fault of the data, and its fourth power would not be finite. */
const FARTHEST = 1e50;

type Frozen = Pick<ReferencePerformance, 'errorModel' | 'actualEdges' | 'actualMean' | 'actualScale'>;

/** Adds an answered value whose truth is not known. */
export function addExpectedValue(add: Add, layout: ValueLayout, frozen: Frozen, value: number): void {
  if (frozen.errorModel && Number.isFinite(value)) add(layout.predictions + binOf(frozen.errorModel.edges, value), 1);
}

/**
 * Adds an answered value with its truth. The relative error |value - actual| / |actual| leaves rows out whose actual is 0
 * (or so close to it that the quotient is beyond all bounds).
 * @returns false, and nothing is added, for a value or actual that is not finite or beyond all bounds
 */
export function addActualValue(add: Add, layout: ValueLayout, frozen: Frozen, value: number, actual: number): boolean {
  const error = (value - actual) / frozen.actualScale;
  const centred = (actual - frozen.actualMean) / frozen.actualScale;
  // Written so that NaN is refused too.
  if (!(Math.abs(error) <= FARTHEST && Math.abs(centred) <= FARTHEST)) return false;
  addExpectedValue(add, layout, frozen, value);
  add(layout.actuals + binOf(frozen.actualEdges, actual), 1);
  const relative = Math.abs((value - actual) / actual);
  const hasRelative = relative <= FARTHEST;
  const amounts: Record<Moment, number> = {
    absoluteError: Math.abs(error),
    error,
    error2: error ** 2,
    error4: error ** 4,
    error2Actual: error ** 2 * centred,
    error2Actual2: error ** 2 * centred ** 2,
    actual: centred,
    actual2: centred ** 2,
    actual3: centred ** 3,
    actual4: centred ** 4,
    relativeRows: hasRelative ? 1 : 0,
    relativeError: hasRelative ? relative : 0,
    relativeError2: hasRelative ? relative ** 2 : 0,
  };
  MOMENTS.forEach((moment, i) => void add(layout.moments + i, amounts[moment]));
  return true;
}
