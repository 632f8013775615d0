import type { Random } from '../../core/random.js';

/**
 * Splits rows in two so that copies of a row (rows of equal key) are all on one side; a split that ignores them would
 * test a model on rows it was trained on. Both sides come back shuffled.
 * @param share  of the distinct keys that go to the first side, in (0, 1)
 */
export function splitByDistinctRow<T extends { key: string }>(rows: T[], share: number, random: Random): [T[], T[]] {
  const keys = random.shuffle([...new Set(rows.map((row) => row.key))]);
  const first = new Set(keys.slice(0, Math.round(keys.length * share)));
  const sides: [T[], T[]] = [rows.filter((row) => first.has(row.key)), rows.filter((row) => !first.has(row.key))];
  for (const side of sides) random.shuffle(side);
  return sides;
}
