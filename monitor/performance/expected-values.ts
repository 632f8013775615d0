import type { ValueLayout } from '../../core/performance/layout.js';
import type { ReferencePerformance } from '../../core/performance/reference-performance.js';
import { type Interval, normalInterval } from './wilson-interval.js';
import type { MetricValue, Performance } from './window-performance.js';

/**
 * Expected MAE and RMSE of a regression without its outcomes: the mean errors of the reference by bin of the prediction,
 * weighted by where the predictions of the window fall. Follows a change in what is predicted, not one in how well.
 * @param evidence  as for `classMetrics`
 * @returns null without an error model or rows
 */
export function expectedValues(
  frozen: Pick<ReferencePerformance, 'errorModel'>,
  layout: ValueLayout,
  sums: ArrayLike<number>,
  evidence: number,
): Performance | null {
  const { errorModel } = frozen;
  const counts = Array.from({ length: layout.predictionBins }, (_, bin) => sums[layout.predictions + bin]!);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  if (!errorModel || rows <= 0) return null;
  const mean = (byBin: number[]): number => counts.reduce((sum, count, bin) => sum + count * byBin[bin]!, 0) / rows;
  const absolute = mean(errorModel.absoluteError);
  const squared = mean(errorModel.squaredError);
  const fourth = mean(errorModel.fourthPower);
  const interval = (value: number, square: number): Interval =>
    normalInterval(value, Math.sqrt(Math.max(0, square - value * value) / (rows * evidence)), 0);
  const ofSquared = interval(squared, fourth);
  const root = (end: number | null): number | null => (end === null ? null : Math.sqrt(end));
  const metrics: MetricValue[] = [
    { metric: 'mae', class: null, value: absolute, ...interval(absolute, squared), interval: 'normal' },
    {
      metric: 'rmse',
      class: null,
      value: Math.sqrt(squared),
      low: root(ofSquared.low),
      high: root(ofSquared.high),
      interval: 'normal',
    },
  ];
  return { rows, metrics, confusion: null };
}
