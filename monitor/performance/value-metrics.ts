import { MOMENTS, type Moment, type ValueLayout } from '../../core/performance/layout.js';
import type { ReferencePerformance } from '../../core/performance/reference-performance.js';
import { type Interval, NO_INTERVAL, normalInterval, Z95 } from './wilson-interval.js';
import type { MetricName, MetricValue, Performance } from './window-performance.js';

type Value = Interval & { value: number };

/**
 * Metrics of a regression from its sums: MAE, RMSE and bias (mean of prediction minus actual) in the target's unit, MAPE
 * (a fraction; rows whose actual is 0 are left out) and R² (against the mean of the same rows). What cannot be computed is
 * left out. Intervals are normal; RMSE's is the root of that of the mean squared error, and R²'s is by the delta method
 * on the logarithm of 1 - R².
 */
export function valueMetrics(
  frozen: Pick<ReferencePerformance, 'actualScale'>,
  layout: ValueLayout,
  sums: ArrayLike<number>,
): Performance | null {
  const sum = (moment: Moment): number => sums[layout.moments + MOMENTS.indexOf(moment)]!;
  let rows = 0;
  for (let bin = 0; bin < layout.actualBins; bin++) rows += sums[layout.actuals + bin]!;
  if (rows <= 0) return null;
  const scale = frozen.actualScale;
  const metrics: MetricValue[] = [];
  const put = (metric: MetricName, { value, low, high }: Value, interval: MetricValue['interval']): void => {
    if (Number.isFinite(value)) {
      metrics.push({ metric, class: null, value, low, high, interval: low === null ? 'none' : interval });
    }
  };
  put('mae', scaled(meanOf(sum('absoluteError'), sum('error2'), rows, 0), scale), 'normal');
  put('rmse', scaled(rootOf(meanOf(sum('error2'), sum('error4'), rows, 0)), scale), 'normal');
  put('bias', scaled(meanOf(sum('error'), sum('error2'), rows), scale), 'normal');
  put('mape', meanOf(sum('relativeError'), sum('relativeError2'), sum('relativeRows'), 0), 'normal');
  put('r2', r2(sum, rows), 'delta');
  return { rows, metrics, confusion: null };
}

/** Mean of n amounts, from their sum and their sum of squares, with the interval of a mean. */
function meanOf(sum: number, squares: number, rows: number, least?: number): Value {
  if (rows <= 0) return { value: Number.NaN, ...NO_INTERVAL };
  const value = sum / rows;
  const variance = Math.max(0, squares / rows - value * value);
  // A single row says nothing of the spread.
  return { value, ...(rows < 2 ? NO_INTERVAL : normalInterval(value, Math.sqrt(variance / (rows - 1)), least)) };
}

function rootOf({ value, low, high }: Value): Value {
  return {
    value: Math.sqrt(value),
    low: low === null ? null : Math.sqrt(low),
    high: high === null ? null : Math.sqrt(high),
  };
}

function scaled({ value, low, high }: Value, scale: number): Value {
  return { value: value * scale, low: low === null ? null : low * scale, high: high === null ? null : high * scale };
}

/** 1 - A / V with A the mean squared error and V the variance of the actuals; NaN where they do not vary. */
function r2(sum: (moment: Moment) => number, rows: number): Value {
  const mean = (moment: Moment): number => sum(moment) / rows;
  const centre = mean('actual');
  const error = mean('error2');
  const variance = mean('actual2') - centre ** 2;
  if (!(variance > 0)) return { value: Number.NaN, ...NO_INTERVAL };
  const ratio = error / variance;
  // Second moments of squared error and squared deviation of the actual, about their common centre.
  const cross = mean('error2Actual2') - 2 * centre * mean('error2Actual') + centre ** 2 * error;
  const fourth = mean('actual4') - 4 * centre * mean('actual3') + 6 * centre ** 2 * mean('actual2') - 3 * centre ** 4;
  const spread = Math.max(0, mean('error4') - 2 * ratio * cross + ratio ** 2 * fourth);
  const value = 1 - ratio;
  if (ratio === 0 || rows < 2) return { value, ...NO_INTERVAL };
  // Symmetric on the scale of ln(A / V), on which the estimate is closer to normal, and below 1 by itself.
  const half = (Z95 * Math.sqrt(spread / (rows - 1))) / variance / ratio;
  return { value, low: 1 - ratio * Math.exp(half), high: 1 - ratio * Math.exp(-half) };
}
