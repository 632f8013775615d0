import type { Dataset } from './dataset.js';
import type { RandomSource } from './gbdt/sampling.js';
import { groupsByTarget } from './row-groups.js';

/** Rows to learn from and rows held out, both ascending; together all rows with a weight above 0. */
export interface HoldOut {
  readonly kept: Int32Array;
  readonly heldOut: Int32Array;
}

/** Holds out about `share` of the rows; copies of a row stay on one side, and classes and values are spread alike over both. */
export function holdOutRows(dataset: Dataset, share: number, random: RandomSource): HoldOut {
  const groups = groupsByTarget(dataset, random);
  const heldOut: number[] = [];
  const kept: number[] = [];
  // A running debt in rows, not in groups: one large group does not make the held-out share too large.
  let debt = random.next();
  for (const members of groups) {
    debt += members.length * share;
    const side = debt >= members.length ? heldOut : kept;
    if (side === heldOut) debt -= members.length;
    for (const row of members) side.push(row);
  }
  return { kept: Int32Array.from(kept).sort(), heldOut: Int32Array.from(heldOut).sort() };
}

/**
 * Splits the rows for cross-validation: every row is held out in one fold. Copies of a row are in the same fold, and classes
 * and values are spread alike over all.
 * @param folds  at least 2
 */
export function foldRows(dataset: Dataset, folds: number, random: RandomSource): HoldOut[] {
  const held: number[][] = Array.from({ length: folds }, () => []);
  for (const members of groupsByTarget(dataset, random)) {
    // The smallest fold takes the next group; equal ones are drawn from, so that none always takes the first of a class.
    const least = Math.min(...held.map((rows) => rows.length));
    const smallest = held.filter((rows) => rows.length === least);
    const fold = smallest[Math.floor(random.next() * smallest.length)]!;
    for (const row of members) fold.push(row);
  }
  return held.map((heldOut, fold) => ({
    heldOut: Int32Array.from(heldOut).sort(),
    kept: Int32Array.from(held.flatMap((rows, other) => (other === fold ? [] : rows))).sort(),
  }));
}
