import { createRandom } from '../random.js';
import { fitIsotonic, interpolate, type Knots } from './isotonic.js';

const FOLDS = 10;
const ECE_BINS = 10;
const SEED = 1;

/**
 * The function that turns a class's scores into probabilities, or null where the scores are as good themselves: where
 * calibration learned on nine tenths of the rows does not make the other tenth better calibrated (expected calibration
 * error over ten bins of equal size, all tenths together), or where there is one truth only. Both the test and the
 * isotonic fit are those of NannyML 0.13.1, which draws ten random tenths where we take each row once.
 * @param scores  of one class, all finite
 * @param truths  1 where the row is of that class, else 0
 */
export function fitCalibration(scores: Float64Array, truths: Float64Array): Knots | null {
  const positives = truths.reduce((sum, truth) => sum + truth, 0);
  if (positives === 0 || positives === truths.length || truths.length < 2 * FOLDS) return null;
  const folds = stratifiedFolds(truths);
  const calibrated = new Float64Array(scores.length);
  for (let fold = 0; fold < FOLDS; fold++) {
    const inFold = (_: unknown, row: number): boolean => folds[row] === fold;
    const outOfFold = (_: unknown, row: number): boolean => folds[row] !== fold;
    const knots = fitIsotonic(scores.filter(outOfFold), truths.filter(outOfFold));
    scores.forEach((score, row) => {
      if (inFold(score, row)) calibrated[row] = interpolate(knots, score);
    });
  }
  const before = expectedCalibrationError(scores, truths);
  return before > expectedCalibrationError(calibrated, truths) ? fitIsotonic(scores, truths) : null;
}

/** By row, one of ten folds that have each truth in the same share. */
function stratifiedFolds(truths: Float64Array): Int32Array {
  const folds = new Int32Array(truths.length);
  const order = createRandom(SEED).shuffle(Array.from(truths, (_, row) => row));
  const next = [0, 0];
  for (const row of order) folds[row] = next[truths[row]!]!++ % FOLDS;
  return folds;
}

/** Mean distance of the mean probability from the share of truths, over ten bins of neighbouring probabilities of equal size. */
function expectedCalibrationError(probabilities: Float64Array, truths: Float64Array): number {
  const rows = probabilities.length;
  const order = Array.from(probabilities, (_, row) => row).sort((a, b) => probabilities[a]! - probabilities[b]!);
  let error = 0;
  for (let bin = 0; bin < ECE_BINS; bin++) {
    let difference = 0;
    const end = Math.floor(((bin + 1) * rows) / ECE_BINS);
    for (let i = Math.floor((bin * rows) / ECE_BINS); i < end; i++) {
      difference += probabilities[order[i]!]! - truths[order[i]!]!;
    }
    error += Math.abs(difference) / rows;
  }
  return error;
}
