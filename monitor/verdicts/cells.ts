import type { SubjectProfile } from '../../core/reference/profile.js';

/**
 * Counts in the cells that PSI compares: coarse bins and then missing for a numeric subject; categories, unseen and
 * missing for a categorical one.
 */
export function psiCells(subject: SubjectProfile, counts: ArrayLike<number>): number[] {
  if (subject.categories) return Array.from(counts);
  const coarse = subject.coarse ?? [];
  const cells = new Array<number>((coarse.at(-1) ?? 0) + 2).fill(0);
  coarse.forEach((cell, bin) => {
    cells[cell]! += counts[bin]!;
  });
  cells[cells.length - 1] = counts[counts.length - 1]!;
  return cells;
}

/** Counts in the fine bins of a numeric subject, in the order of the values: missing has no place in it. */
export function orderedBins(counts: ArrayLike<number>): number[] {
  return Array.from(counts).slice(0, -1);
}

/**
 * Drops the cells in which neither window has a row: no row can fall there as far as either tells, and each would widen
 * the null band. At least two cells stay, as PSI needs them.
 */
export function dropEmptyCells(reference: number[], current: number[]): { reference: number[]; current: number[] } {
  const used = reference.flatMap((count, cell) => (count + current[cell]! > 0 ? [cell] : []));
  const kept = used.length >= 2 ? used : [0, 1];
  return { reference: kept.map((cell) => reference[cell]!), current: kept.map((cell) => current[cell]!) };
}

/** Share of rows that are missing, and of those in a category that the reference does not have; in [0, 1]. */
export function oddShares(subject: SubjectProfile, counts: ArrayLike<number>): { missing: number; unseen: number } {
  const rows = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const at = (fromEnd: number): number => (rows === 0 ? 0 : counts[counts.length - fromEnd]! / rows);
  return { missing: at(1), unseen: subject.categories ? at(2) : 0 };
}
