/** Rows of two windows, and how many current ones lie beyond the reference's most extreme value, on one side. */
export interface ExceedanceInput {
  readonly referenceRows: number;
  readonly currentRows: number;
  readonly beyond: number;
}

/**
 * Probability that at least `beyond` of the current values lie above the greatest (or below the least) reference value
 * when both windows come from one distribution: that the top `beyond` of the pooled values are all current,
 *   product over i < beyond of (M - i) / (N + M - i).
 * In [0, 1]; exact and free of the distribution, whatever its tails; with ties it errs towards no alarm. Some rows
 * beyond a finite reference are no news: of M rows, M / (N + 1) are expected on each side. For both sides take twice the
 * smaller p-value.
 * Source: Gumbel & von Schelling 1950, "The distribution of the number of exceedances".
 * @throws RangeError  a count is not whole, N or M is below 1, or `beyond` is outside [0, M]
 * @example exceedancePValue({ referenceRows: 3, currentRows: 1, beyond: 1 }) // 0.25
 */
export function exceedancePValue({ referenceRows, currentRows, beyond }: ExceedanceInput): number {
  const whole = [referenceRows, currentRows, beyond].every((count) => Number.isInteger(count));
  if (!whole || referenceRows < 1 || currentRows < 1 || beyond < 0 || beyond > currentRows) {
    throw new RangeError(
      `exceedancePValue requires whole rows above 0 and 0 <= beyond <= current rows, got ${referenceRows}, ${currentRows}, ${beyond}`,
    );
  }
  let probability = 1;
  for (let i = 0; i < beyond && probability > 0; i++) {
    probability *= (currentRows - i) / (referenceRows + currentRows - i);
  }
  return probability;
}
