import { f1Score } from './f1-score.js';
import { type Interval, normalInterval } from './wilson-interval.js';

/**
 * Plain mean of the F1 of the classes that are answered or true of some row, as scikit-learn's
 * `f1_score(average="macro")` over the classes that occur. Its 95 % interval is that of the delta method on the
 * multinomial confusion matrix (Takahashi et al. 2022): normal, so too narrow with few rows of a class, and without width
 * where every answer is right.
 * @param confusion  rows by actual and answered class, `confusion[actual][answered]`, square
 */
export function macroF1(confusion: number[][]): Interval & { value: number } {
  const classes = confusion.map((row, index) => {
    const actual = row.reduce((sum, count) => sum + count, 0);
    const answered = confusion.reduce((sum, other) => sum + other[index]!, 0);
    return { f1: f1Score({ right: row[index]!, answered, actual }).value, weight: answered + actual };
  });
  const present = classes.filter(({ f1 }) => !Number.isNaN(f1)).length;
  const value = classes.reduce((sum, { f1 }) => sum + (Number.isNaN(f1) ? 0 : f1), 0) / present;
  // What one row more in a cell adds to the mean, times the number of rows.
  const pull = ({ f1, weight }: { f1: number; weight: number }): number => f1 / weight;
  let variance = 0;
  confusion.forEach((row, actual) => {
    row.forEach((count, answered) => {
      if (count === 0) return;
      const gain = actual === answered ? 2 / classes[actual]!.weight : 0;
      const influence = (gain - pull(classes[actual]!) - pull(classes[answered]!)) / present;
      variance += count * influence * influence;
    });
  });
  const { low, high } = normalInterval(value, Math.sqrt(variance), 0);
  return { value, low, high: high === null ? null : Math.min(1, high) };
}
