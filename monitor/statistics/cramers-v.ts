/**
 * Cramér's V of a two-row table: sqrt(chi-square / rows), the smaller side of the table being 2. Effect size of a
 * difference of categorical windows, in [0, 1]: 0 the same shares, 1 no category in common. Equals
 * `scipy.stats.contingency.association(method='cramer', correction=False)` (1.17), and Cohen's w: 0.1 small, 0.3 medium
 * (Cohen 1988).
 * Not comparable between windows of unequal proportions: against a reference 10 times as long the same change of shares
 * gives about half the V that it gives against one of equal length. Without drift its square is about (K - 1) / rows.
 * @param statistic  Pearson's chi-square of the 2 x K table, >= 0
 * @param rows       rows of both windows together, above 0
 * @throws RangeError  the statistic is negative or NaN, or rows is not above 0
 * @example cramersV(10, 1000) // 0.1
 */
export function cramersV(statistic: number, rows: number): number {
  if (!(statistic >= 0) || !(rows > 0)) {
    throw new RangeError(`cramersV requires a statistic of 0 or more and rows above 0, got ${statistic} and ${rows}`);
  }
  return Math.min(1, Math.sqrt(statistic / rows));
}
