import type { Dataset } from './dataset.js';
import type { RandomSource } from './gbdt/sampling.js';

const LEAST_GROUPS = 20;

/**
 * The rows with a weight above 0 in groups: rows with the same feature values are one group, so that a repeated row stays on
 * one side of a split; with fewer than 20 distinct rows every row is its own group. In order of the groups' first target,
 * shuffled among equals: groups taken at even steps have classes and values alike.
 */
export function groupsByTarget(dataset: Dataset, random: RandomSource): readonly (readonly number[])[] {
  const rows = weightedRows(dataset);
  let groups = groupRows(dataset, rows);
  if (groups.length < LEAST_GROUPS) groups = Array.from(rows, (row) => [row]);
  const keyed = groups.map((members) => ({ members, target: dataset.target[members[0]!]!, draw: random.next() }));
  keyed.sort((a, b) => a.target - b.target || a.draw - b.draw || a.members[0]! - b.members[0]!);
  return keyed.map(({ members }) => members);
}

/** The rows with a weight above 0, ascending. */
export function weightedRows(dataset: Dataset): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < dataset.rows; row++) if (dataset.weights[row]! > 0) rows.push(row);
  return Int32Array.from(rows);
}

function groupRows({ columns }: Dataset, rows: Int32Array): number[][] {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const key = columns.map((column) => (column.type === 'numeric' ? column.values[row] : column.codes[row])).join();
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [row]);
    else members.push(row);
  }
  return [...groups.values()];
}
