import { quantileSorted } from 'simple-statistics';

/** What the statistic was over chunks of the reference that are as long as the window. */
export interface EmpiricalNullBandInput {
  /** The statistic of each chunk against the rest of the reference; those that could not be computed left out. */
  readonly values: readonly number[];
  /** Above 0, below 1: 0.01 asks for the value that 99 % of chunks stay below. */
  readonly alpha: number;
}

/** A line drawn by chunks of the reference. */
export interface EmpiricalNullBand {
  /** The (1 - alpha) quantile (type 7) of the chunks' values, never above the greatest of them. */
  readonly band: number;
  /** Mean plus three standard deviations (divisor n), NannyML's default upper threshold. */
  readonly threeSigma: number;
  /** How many chunks there were. */
  readonly chunks: number;
}

/**
 * Null band of any statistic from the reference itself: cut it, in the order in which its rows came, into chunks of the
 * window's size, compare each with the rest, and take the upper quantile. Unlike a formula it knows what ordinary days
 * are like: rows that come in batches or seasons differ more from one another than independent draws, and a formula's
 * band is then too narrow.
 * Misleads with few chunks: a quantile beyond 1 - 1/chunks is only the greatest value seen, so a 99 % band needs a
 * hundred chunks, and with twenty the three-sigma line is the better one. And where the reference was shuffled (as
 * training sets are), chunks say no more than the formula.
 * Source: NannyML 0.13, `thresholds.py` (standard deviation threshold over reference chunks).
 * @returns undefined with fewer than two values
 * @throws RangeError  alpha is not between 0 and 1, or a value is NaN
 * @example empiricalNullBand({ values: [1, 2, 3, 4, 5], alpha: 0.25 })!.band // 4
 */
export function empiricalNullBand({ values, alpha }: EmpiricalNullBandInput): EmpiricalNullBand | undefined {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`empiricalNullBand requires alpha between 0 and 1, got ${alpha}`);
  const notNumber = values.findIndex((value) => Number.isNaN(value));
  if (notNumber >= 0) throw new RangeError(`empiricalNullBand requires numbers, got NaN at index ${notNumber}`);
  if (values.length < 2) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length;
  return { band: quantileSorted(sorted, 1 - alpha), threeSigma: mean + 3 * Math.sqrt(variance), chunks: sorted.length };
}
