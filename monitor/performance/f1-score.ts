import { type Interval, NO_INTERVAL, wilsonInterval } from './wilson-interval.js';

/** Rows (or expected rows) that are the class and were answered as it, that were answered as it, and that are it. */
export interface ClassCounts {
  right: number;
  answered: number;
  actual: number;
}

/**
 * F1 of one class, 2 right / (answered + actual), in [0, 1]; NaN when the class is neither answered nor true of any row.
 * Its 95 % interval: the Jaccard index J = right / (answered + actual - right) is a share, of the rows where the class is
 * answered or true, and F1 = 2J / (1 + J) grows with it, so that J's Wilson interval maps to one of F1.
 */
export function f1Score({ right, answered, actual }: ClassCounts): Interval & { value: number } {
  const union = answered + actual - right;
  if (union <= 0) return { value: Number.NaN, ...NO_INTERVAL };
  const fromJaccard = (share: number): number => (2 * share) / (1 + share);
  const { low, high } = wilsonInterval(right, union);
  return { value: (2 * right) / (answered + actual), low: fromJaccard(low!), high: fromJaccard(high!) };
}
