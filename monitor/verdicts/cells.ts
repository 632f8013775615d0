import type { SubjectProfile } from '../../core/reference/profile.js';

/** Counts of both windows in the same cells. */
export interface CellPair {
  reference: number[];
  current: number[];
}

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

/** Rows that the smaller window must expect in a cell of its own: below, smoothing gives it a difference that is not there. */
const LEAST_EXPECTED = 1;
/**
 * Rows that the reference must expect in a category of its own. One that expects fewer is in the reference by luck (of
 * categories that expect five, one in 150 is not), and those that are seem rarer from then on.
 */
const LEAST_REFERENCE_EXPECTED = 5;

/**
 * The cells of both windows with the rare ones taken together, unseen categories and those without a cell of their own
 * among them: whether a rare category is in the reference or unseen is chance, and there may be thousands. What is rare
 * is decided by both windows in common, which does not bend the null band. Cells without a row are left out; at least two
 * stay, as PSI needs them.
 */
export function pooledCells(subject: SubjectProfile, counts: ArrayLike<number>): CellPair {
  const reference = psiCells(subject, subject.counts);
  const current = psiCells(subject, counts);
  const [referenceRows, currentRows] = [sum(reference), sum(current)];
  const rows = referenceRows + currentRows;
  const least = Math.max(
    (LEAST_EXPECTED * rows) / Math.min(referenceRows, currentRows),
    subject.categories ? (LEAST_REFERENCE_EXPECTED * rows) / referenceRows : 0,
  );
  const unseen = subject.categories ? reference.length - 2 : -1;
  const other = subject.hasOther ? unseen - 1 : -1;
  const pooled: CellPair = { reference: [], current: [] };
  const pool = { reference: 0, current: 0 };
  reference.forEach((count, cell) => {
    if (cell === unseen || cell === other || count + current[cell]! < least) {
      pool.reference += count;
      pool.current += current[cell]!;
    } else add(pooled, count, current[cell]!);
  });
  if (pool.reference + pool.current > 0) add(pooled, pool.reference, pool.current);
  while (pooled.reference.length < 2) add(pooled, 0, 0);
  return pooled;
}

function add(pair: CellPair, reference: number, current: number): void {
  pair.reference.push(reference);
  pair.current.push(current);
}

/** Sum of counts. */
export function sum(counts: ArrayLike<number>): number {
  let total = 0;
  for (let cell = 0; cell < counts.length; cell++) total += counts[cell]!;
  return total;
}

/** Share of rows that are missing, and of those in a category that the reference does not have; in [0, 1]. */
export function oddShares(subject: SubjectProfile, counts: ArrayLike<number>): { missing: number; unseen: number } {
  const rows = sum(counts);
  const at = (fromEnd: number): number => (rows === 0 ? 0 : counts[counts.length - fromEnd]! / rows);
  return { missing: at(1), unseen: subject.categories ? at(2) : 0 };
}
