import { chiSquarePValue } from './chi-square-p-value.js';
import { inverseRowSum } from './inverse-row-sum.js';

/** A population stability index and the sizes it was computed at. */
export interface PsiPValueInput {
  /** In nats, >= 0, with the default smoothing of `psi`. */
  readonly psi: number;
  /** Rows in the reference window, or `Infinity` for a distribution known without sampling error. */
  readonly referenceRows: number;
  readonly currentRows: number;
  /** Bins B >= 2 the index was summed over. */
  readonly bins: number;
}

/**
 * Probability of a population stability index at least this large when both windows come from one distribution:
 * upper tail of chi-square with B - 1 degrees of freedom at psi / (1/N + 1/M). In [0, 1].
 * At most alpha exactly where the index is at or above `psiNullBand` of that alpha; same source, same limits
 * (asymptotic, needs about 5 expected rows a bin).
 * @throws RangeError  the index is negative or NaN, a row count is not above 0, both are infinite, or B is not a whole
 *   number >= 2
 * @example psiPValue({ psi: 0.0372, referenceRows: 5000, currentRows: 500, bins: 10 }) // 0.0502...
 */
export function psiPValue({ psi, referenceRows, currentRows, bins }: PsiPValueInput): number {
  if (!(Number.isInteger(bins) && bins >= 2)) {
    throw new RangeError(`psiPValue requires a whole number of bins, at least 2, got ${bins}`);
  }
  if (!(psi >= 0)) throw new RangeError(`psiPValue requires an index of 0 or more, got ${psi}`);
  return chiSquarePValue(psi / inverseRowSum('psiPValue', referenceRows, currentRows), bins - 1);
}
