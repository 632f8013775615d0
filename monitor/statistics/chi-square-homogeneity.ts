import { chiSquarePValue } from './chi-square-p-value.js';
import { type Counts, countRows } from './counts.js';
import { cramersV } from './cramers-v.js';
import { fisherExactPValue } from './fisher-exact-p-value.js';

/** Outcome of the test that two windows share one categorical distribution. */
export interface ChiSquareHomogeneity {
  /** Pearson's chi-square of the pooled 2 x K table, >= 0. */
  readonly statistic: number;
  /** Columns left after pooling, minus 1; 0 only where one category holds every row of both windows. */
  readonly degreesOfFreedom: number;
  /** In [0, 1]; 1 with 0 degrees of freedom. */
  readonly pValue: number;
  /** Effect size in [0, 1]: sqrt(chi-square / rows of both windows). 0.1 small, 0.3 medium (Cohen's w; 1988). */
  readonly cramersV: number;
}

/**
 * Pearson's chi-square test of homogeneity of two windows over categories: sum over the 2 x K table of
 * (count - expected)^2 / expected, with expected = row total * column total / all rows. Both windows are samples;
 * testing the current window for goodness of fit to the reference shares instead alarms falsely when the reference is
 * small. No Yates correction: equals `scipy.stats.chi2_contingency(correction=False)` (1.17).
 * Small columns are pooled first: empty ones dropped, then the two smallest merged until every cell expects at least
 * `minimumExpected` rows in the smaller window, or two columns are left. If even then one expects fewer, the p-value is
 * Fisher's exact one: without it, a category that is rare in a long reference could fill a third of a short window
 * unseen. Pooling looks at column totals only, so it does not bend the p-value; but a change within a pool is not seen,
 * and one of a rare category is diluted by the category it joined: watch unseen and rare ones by their own rate.
 * Cramér's V is of the pooled table; without drift its square is about (K - 1) / rows, so a small window shows an
 * effect that is not there.
 * @param reference  counts per category, whole numbers, length >= 1
 * @param current    counts of the same categories, in the same order
 * @param options    `minimumExpected` rows a cell, default 5 (Cochran 1954); 0 turns pooling off
 * @throws RangeError  lengths differ, there is no category, a count is negative, not finite or (where Fisher's test is
 *   taken) not whole, a window is empty, or `minimumExpected` is negative or NaN
 * @example chiSquareHomogeneity([16, 18, 16, 14, 12, 12], [16, 16, 16, 16, 16, 8]).pValue // 0.8985...
 */
export function chiSquareHomogeneity(
  reference: Counts,
  current: Counts,
  options: { readonly minimumExpected?: number } = {},
): ChiSquareHomogeneity {
  const { referenceRows, currentRows } = countRows('chiSquareHomogeneity', reference, current, 1);
  const minimumExpected = options.minimumExpected ?? 5;
  if (!(minimumExpected >= 0)) {
    throw new RangeError(`chiSquareHomogeneity requires minimumExpected of 0 or more, got ${minimumExpected}`);
  }
  if (referenceRows === 0 || currentRows === 0) {
    throw new RangeError(
      `chiSquareHomogeneity requires rows in both windows, got ${referenceRows} reference and ${currentRows} current rows`,
    );
  }
  const rows = referenceRows + currentRows;
  const smallestTotal = (minimumExpected * rows) / Math.min(referenceRows, currentRows);
  const columns = pool(reference, current, smallestTotal);
  const degreesOfFreedom = columns.length - 1;
  if (degreesOfFreedom === 0) return { statistic: 0, degreesOfFreedom, pValue: 1, cramersV: 0 };

  let statistic = 0;
  for (const column of columns) {
    const total = totalOf(column);
    // Both cells of a column miss their expectation by the same amount, so one squared difference serves both.
    const squared = (column.reference - (total * referenceRows) / rows) ** 2;
    statistic += (squared * rows) / total / referenceRows + (squared * rows) / total / currentRows;
  }
  const isTooSmall = columns.some((column) => totalOf(column) < smallestTotal);
  const pValue = isTooSmall ? exactPValue(columns[0]!, columns[1]!) : chiSquarePValue(statistic, degreesOfFreedom);
  return { statistic, degreesOfFreedom, pValue, cramersV: cramersV(statistic, rows) };
}

interface Column {
  readonly reference: number;
  readonly current: number;
}

/** Columns with rows, the two smallest merged while one has a total below `smallestTotal` and more than two are left. */
function pool(reference: Counts, current: Counts, smallestTotal: number): Column[] {
  const single: Column[] = [];
  for (let bin = 0; bin < reference.length; bin++) {
    const column = { reference: reference[bin]!, current: current[bin]! };
    if (totalOf(column) > 0) single.push(column);
  }
  single.sort((a, b) => totalOf(a) - totalOf(b));
  // Merged totals come out in ascending order too, so the smallest column is always at the head of one of two queues.
  const merged: Column[] = [];
  let nextSingle = 0;
  let nextMerged = 0;
  const takeSmallest = (): Column => {
    const [a, b] = [single[nextSingle], merged[nextMerged]];
    const isSingle = b === undefined || (a !== undefined && totalOf(a) <= totalOf(b));
    return isSingle ? single[nextSingle++]! : merged[nextMerged++]!;
  };
  for (let left = single.length; left > 2; left--) {
    const smallest = takeSmallest();
    if (totalOf(smallest) >= smallestTotal) {
      return [smallest, ...merged.slice(nextMerged), ...single.slice(nextSingle)];
    }
    const second = takeSmallest();
    merged.push({ reference: smallest.reference + second.reference, current: smallest.current + second.current });
  }
  return [...merged.slice(nextMerged), ...single.slice(nextSingle)];
}

function totalOf(column: Column): number {
  return column.reference + column.current;
}

function exactPValue(inside: Column, outside: Column): number {
  return fisherExactPValue({
    reference: { inside: inside.reference, outside: outside.reference },
    current: { inside: inside.current, outside: outside.current },
  });
}
