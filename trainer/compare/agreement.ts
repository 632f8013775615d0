import type { PredictionBatch } from '../../core/inference/batch.js';

/** Two values agree when they differ by at most this share of the standard deviation of the truth. */
const AGREEMENT_TOLERANCE = 0.1;

/**
 * Share of rows on which two models say the same, 0 to 1: the same class, or values that differ by at most a tenth of the
 * (population) standard deviation of `targets`.
 */
export function agreementRate(champion: PredictionBatch, challenger: PredictionBatch, targets: string[]): number {
  let same = 0;
  const tolerance = champion.values ? AGREEMENT_TOLERANCE * standardDeviation(targets.map(Number)) : 0;
  for (let row = 0; row < champion.rows; row++) {
    const agree = champion.values
      ? Math.abs(champion.values[row]! - challenger.values![row]!) <= tolerance
      : champion.labels![row] === challenger.labels![row];
    if (agree) same++;
  }
  return same / champion.rows;
}

function standardDeviation(values: number[]): number {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
}
