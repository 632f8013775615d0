import type { FisherExactInput } from './fisher-exact-p-value.js';

/**
 * Fisher's exact one-sided p-value that a category's share is larger in the current window than in the reference: with
 * all four margins fixed, the hypergeometric probability of as many current rows inside as were seen, or more. In
 * [0, 1]; valid at any size, conservative. Equals `scipy.stats.fisher_exact([current, reference],
 * alternative='greater')` (1.17). Takes one step for each row inside at most.
 * @throws RangeError  a count is not a whole number >= 0
 * @example fisherExactUpperPValue({ reference: { inside: 1, outside: 5 }, current: { inside: 8, outside: 2 } }) // 0.0244...
 */
export function fisherExactUpperPValue({ reference, current }: FisherExactInput): number {
  for (const count of [reference.inside, reference.outside, current.inside, current.outside]) {
    if (!(Number.isInteger(count) && count >= 0)) {
      throw new RangeError(`fisherExactUpperPValue requires whole counts of 0 or more, got ${count}`);
    }
  }
  const inside = reference.inside + current.inside;
  const outside = reference.outside + current.outside;
  const currentRows = current.inside + current.outside;
  const fewest = Math.max(0, currentRows - outside);
  const most = Math.min(inside, currentRows);
  const nextOverThis = (k: number) => ((inside - k) * (currentRows - k)) / ((k + 1) * (outside - currentRows + k + 1));
  // Weights relative to the most likely table, as in `fisherExactPValue`: no factorial, so no overflow.
  const mode = Math.min(most, Math.floor(((inside + 1) * (currentRows + 1)) / (inside + outside + 2)));
  let total = 1;
  let upper = mode >= current.inside ? 1 : 0;
  let weight = 1;
  for (let k = mode; k < most; k++) {
    weight *= nextOverThis(k);
    total += weight;
    if (k + 1 >= current.inside) upper += weight;
  }
  weight = 1;
  for (let k = mode; k > fewest; k--) {
    weight /= nextOverThis(k - 1);
    total += weight;
    if (k - 1 >= current.inside) upper += weight;
  }
  return upper / total;
}
