import { type KsPValueInput, ksAsymptoticPValue } from './ks-asymptotic-p-value.js';
import { ksExactPValue } from './ks-exact-p-value.js';

/** Pairs of rows N*M up to which the exact p-value costs a few milliseconds at most. */
const MOST_EXACT_PAIRS = 1e6;

/**
 * Two-sided p-value of the two-sample Kolmogorov-Smirnov statistic: exact (`ksExactPValue`) where N*M <= 1e6,
 * asymptotic (`ksAsymptoticPValue`) above. In [0, 1]; NaN for a NaN statistic or an empty window.
 * Both err towards no alarm with ties; for 20 distinct values or fewer use `chiSquareHomogeneity`.
 * With many rows a p-value says "not equal", not "different enough to matter": decide on D as well.
 * @throws RangeError  D is outside [0, 1], or a row count is negative, not whole or NaN
 * @example ksPValue({ statistic: 2 / 3, referenceRows: 2, currentRows: 3 }) // 0.6
 */
export function ksPValue(input: KsPValueInput): number {
  const { referenceRows, currentRows } = input;
  for (const rows of [referenceRows, currentRows]) {
    if (!(Number.isInteger(rows) && rows >= 0)) {
      throw new RangeError(`ksPValue requires whole row counts, got ${referenceRows} and ${currentRows}`);
    }
  }
  if (referenceRows === 0 || currentRows === 0) return Number.NaN;
  return referenceRows * currentRows <= MOST_EXACT_PAIRS ? ksExactPValue(input) : ksAsymptoticPValue(input);
}
