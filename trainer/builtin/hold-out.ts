import type { Column, Dataset } from './dataset.js';
import type { RandomSource } from './gbdt/sampling.js';

/** Rows to learn from and rows held out, both ascending; together all rows with a weight above 0. */
export interface HoldOut {
  readonly kept: Int32Array;
  readonly heldOut: Int32Array;
}

const LEAST_GROUPS = 20;

/**
 * Holds out about `share` of the rows. Rows with the same feature values are one group and stay on one side, so that a repeated
 * row cannot be recognised; with fewer than 20 distinct rows every row is its own group. Groups are shuffled, put in order of
 * their first target, and taken at even steps, so that classes and values are spread alike over both sides.
 */
export function holdOutRows(dataset: Dataset, share: number, random: RandomSource): HoldOut {
  const rows = weightedRows(dataset);
  let groups = groupRows(dataset.columns, rows);
  if (groups.length < LEAST_GROUPS) groups = Array.from(rows, (row) => [row]);
  const keyed = groups.map((members) => ({ members, target: dataset.target[members[0]!]!, draw: random.next() }));
  keyed.sort((a, b) => a.target - b.target || a.draw - b.draw || a.members[0]! - b.members[0]!);
  const heldOut: number[] = [];
  const kept: number[] = [];
  // A running debt in rows, not in groups: one large group does not make the held-out share too large.
  let debt = random.next();
  for (const { members } of keyed) {
    debt += members.length * share;
    const side = debt >= members.length ? heldOut : kept;
    if (side === heldOut) debt -= members.length;
    for (const row of members) side.push(row);
  }
  return { kept: Int32Array.from(kept).sort(), heldOut: Int32Array.from(heldOut).sort() };
}

/** The rows with a weight above 0, ascending. */
export function weightedRows(dataset: Dataset): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < dataset.rows; row++) if (dataset.weights[row]! > 0) rows.push(row);
  return Int32Array.from(rows);
}

function groupRows(columns: readonly Column[], rows: Int32Array): number[][] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = columns.map((column) => (column.type === 'numeric' ? column.values[row] : column.codes[row])).join();
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [row]);
    else members.push(row);
  }
  return [...groups.values()];
}
