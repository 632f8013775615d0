/** A 2 x 2 table: rows of one category and of all others, in each of two windows. */
export interface FisherExactInput {
  readonly reference: { readonly inside: number; readonly outside: number };
  readonly current: { readonly inside: number; readonly outside: number };
}

/**
 * Fisher's exact two-sided p-value that a category has one share in two windows: with all four margins fixed, the
 * hypergeometric probability of every table no more likely than the one seen. In [0, 1]; valid at any size, and
 * conservative (it alarms less often than its level). Equals `scipy.stats.fisher_exact(alternative='two-sided')`
 * (1.17). Takes one step for each possible table, that is min(smaller margin of each side).
 * Source: Fisher 1935, "The logic of inductive inference".
 * @throws RangeError  a count is not a whole number >= 0
 * @example fisherExactPValue({ reference: { inside: 8, outside: 2 }, current: { inside: 1, outside: 5 } }) // 0.0349...
 */
export function fisherExactPValue({ reference, current }: FisherExactInput): number {
  for (const count of [reference.inside, reference.outside, current.inside, current.outside]) {
    if (!(Number.isInteger(count) && count >= 0)) {
      throw new RangeError(`fisherExactPValue requires whole counts of 0 or more, got ${count}`);
    }
  }
  const inside = reference.inside + current.inside;
  const outside = reference.outside + current.outside;
  const currentRows = current.inside + current.outside;
  const fewest = Math.max(0, currentRows - outside);
  const most = Math.min(inside, currentRows);

  // Weights relative to the most likely table, by the ratio of neighbours: no factorial, so no overflow.
  const weights = new Float64Array(most - fewest + 1);
  const mode = Math.min(most, Math.floor(((inside + 1) * (currentRows + 1)) / (inside + outside + 2)));
  const nextOverThis = (k: number) => ((inside - k) * (currentRows - k)) / ((k + 1) * (outside - currentRows + k + 1));
  weights[mode - fewest] = 1;
  for (let k = mode; k < most; k++) weights[k + 1 - fewest] = weights[k - fewest]! * nextOverThis(k);
  for (let k = mode; k > fewest; k--) weights[k - 1 - fewest] = weights[k - fewest]! / nextOverThis(k - 1);

  // Tables exactly as likely as the one seen must count, whatever the rounding on the way to them.
  const limit = weights[current.inside - fewest]! * (1 + 1e-7);
  let total = 0;
  let asExtreme = 0;
  for (const weight of weights) {
    total += weight;
    if (weight <= limit) asExtreme += weight;
  }
  return asExtreme / total;
}
