import { quantileSorted } from 'simple-statistics';
import { binOf } from '../reference/profile.js';

const MOST_BINS = 20;
/** With fewer reference rows a bin, its mean error says little. */
const LEAST_ROWS_PER_BIN = 30;

/**
 * How large the errors of a regression are, by prediction: the means over the reference rows whose prediction falls into
 * the same bin. By bin, ascending.
 */
export interface ErrorModel {
  edges: number[];
  absoluteError: number[];
  squaredError: number[];
  fourthPower: number[];
}

/**
 * Learns the error by prediction from reference rows: bins of equal size, up to twenty. The simplest form of direct loss
 * estimation: it follows a change in what is predicted, not one in how well.
 * @param predicted, actual  by row, at least one
 */
export function fitErrorModel(predicted: Float64Array, actual: number[]): ErrorModel {
  const sorted = Array.from(predicted).sort((a, b) => a - b);
  const bins = Math.max(1, Math.min(MOST_BINS, Math.floor(sorted.length / LEAST_ROWS_PER_BIN)));
  const quantiles = Array.from({ length: bins - 1 }, (_, i) => quantileSorted(sorted, (i + 1) / bins));
  const edges = [...new Set(quantiles)].filter((edge) => edge > sorted[0]!);
  const errors: number[][] = Array.from({ length: edges.length + 1 }, () => []);
  actual.forEach((value, row) => void errors[binOf(edges, predicted[row]!)]!.push(Math.abs(predicted[row]! - value)));
  const meanPower = (power: number): number[] =>
    errors.map((bin) => bin.reduce((sum, error) => sum + error ** power, 0) / Math.max(1, bin.length));
  return { edges, absoluteError: meanPower(1), squaredError: meanPower(2), fourthPower: meanPower(4) };
}
