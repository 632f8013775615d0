import { fitIsotonic, type Knots } from './isotonic.js';

/**
 * The function that turns a class's scores into probabilities: the isotonic fit; null, which is the scores themselves, where
 * all rows have the same truth. NannyML 0.13.1 leaves scores as they are where cross-validation does not see calibration
 * help, which on a few hundred rows it often fails to see: docs/decisions/0015-estimated-performance.md has the figures.
 * @param scores  of one class, all finite
 * @param truths  1 where the row is of that class, else 0
 */
export function fitCalibration(scores: Float64Array, truths: Float64Array): Knots | null {
  const positives = truths.reduce((sum, truth) => sum + truth, 0);
  return positives === 0 || positives === truths.length ? null : fitIsotonic(scores, truths);
}
