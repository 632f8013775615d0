import { type Interval, NO_INTERVAL, Z95 } from './wilson-interval.js';

/** Area under the ROC curve from binned scores. */
export interface RocAuc extends Interval {
  /** In [0, 1]; NaN unless there are rows that are the class and rows that are not. */
  value: number;
  /** At most so far from the area of the scores themselves: rows of one bin count as ties, each of half. */
  binningError: number;
}

/**
 * Area under the ROC curve: the share of pairs (a row of the class, another row) in which the first has the higher score,
 * ties counting half (Mann-Whitney U). From counts by score bin, so pairs within a bin are ties: the bound of that is half
 * the share of such pairs, and with 200 bins of equal size about 0.003. The 95 % interval is that of DeLong et al. 1988 on
 * the same counts, symmetric on the logit scale; none where the classes are told apart without error.
 * @param positives, totals  rows of the class and all rows by bin, in the order of the score; fractions are expected rows
 */
export function rocAuc(positives: ArrayLike<number>, totals: ArrayLike<number>): RocAuc {
  const negatives = Array.from(totals, (total, bin) => Math.max(0, total - positives[bin]!));
  const sum = (counts: ArrayLike<number>): number => Array.from(counts).reduce((a, b) => a + b, 0);
  const ofClass = sum(positives);
  const others = sum(negatives);
  if (ofClass <= 0 || others <= 0) return { value: Number.NaN, binningError: 0, ...NO_INTERVAL };
  let negativesBelow = 0;
  let positivesBelow = 0;
  let tied = 0;
  const wins: number[] = [];
  const losses: number[] = [];
  negatives.forEach((count, bin) => {
    wins.push((negativesBelow + count / 2) / others);
    losses.push((ofClass - positivesBelow - positives[bin]! / 2) / ofClass);
    tied += (positives[bin]! * count) / (ofClass * others);
    negativesBelow += count;
    positivesBelow += positives[bin]!;
  });
  const value = wins.reduce((total, share, bin) => total + share * positives[bin]!, 0) / ofClass;
  const spread = (shares: number[], counts: ArrayLike<number>, rows: number): number =>
    shares.reduce((total, share, bin) => total + counts[bin]! * (share - value) ** 2, 0) / Math.max(1, rows - 1) / rows;
  const standardError = Math.sqrt(spread(wins, positives, ofClass) + spread(losses, negatives, others));
  return { value, binningError: tied / 2, ...logitInterval(value, standardError) };
}

function logitInterval(value: number, standardError: number): Interval {
  if (standardError === 0 || value <= 0 || value >= 1) return NO_INTERVAL;
  const half = (Z95 * standardError) / (value * (1 - value));
  const logit = Math.log(value / (1 - value));
  const inverse = (x: number): number => 1 / (1 + Math.exp(-x));
  return { low: inverse(logit - half), high: inverse(logit + half) };
}
