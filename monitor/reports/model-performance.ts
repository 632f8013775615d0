import { figure, percent } from '../html/format.js';
import type { MetricValue, PerformanceWindow } from '../performance/window-performance.js';
import { type ReportQuestion, reportHead } from './head.js';
import type { MetricReport, ModelPerformanceReport, PerformancePoint } from './report.js';

/**
 * The report on how the model does.
 * @param windows  of the version, newest first
 */
export function modelPerformanceReport(
  options: ReportQuestion & {
    windows: PerformanceWindow[];
  },
): ModelPerformanceReport {
  const { version, windows } = options;
  const { metric } = version.manifest.retraining;
  const chosen = windows.find((window) => window.realised) ?? windows[0];
  const current = chosen ? toPoint(chosen) : null;
  return {
    ...reportHead('model-performance', options, undefined),
    window: chosen
      ? { start: chosen.windowStart.toISOString(), end: chosen.windowEnd.toISOString(), row_count: chosen.servedRows }
      : null,
    verdict: performanceVerdict(chosen, metric),
    headline: performanceHeadline(current, metric),
    metric,
    current,
    confusion: (chosen?.realised ?? chosen?.estimated)?.confusion ?? null,
    delay_seconds: chosen?.delaySeconds ?? null,
    calibration: chosen?.calibration
      ? {
          expected_calibration_error: chosen.calibration.expectedCalibrationError,
          null_band: chosen.calibration.nullBand,
        }
      : null,
    history: windows.map(toPoint).reverse(),
  };
}

/**
 * `warning` when outcomes show the model worse than its calibrated scores promise on the same rows, beyond both intervals:
 * then the relation of inputs and truth has changed. Without outcomes there is nothing to judge by.
 */
function performanceVerdict(
  window: PerformanceWindow | undefined,
  metric: string,
): 'ok' | 'warning' | 'insufficient-data' {
  if (!window?.realised) return 'insufficient-data';
  const real = metricOf(window.realised.metrics.map(toMetric), metric);
  const promised = metricOf(window.estimatedOfLabelled?.metrics.map(toMetric) ?? null, metric);
  if (!real || !promised) return 'ok';
  const [worse, better] = metric === 'accuracy' ? [real.high, promised.low] : [promised.high, real.low];
  return worse !== null && better !== null && worse < better ? 'warning' : 'ok';
}

/** A stored window as a point of a report. */
export function toPoint(window: PerformanceWindow): PerformancePoint {
  return {
    window_start: window.windowStart.toISOString(),
    window_end: window.windowEnd.toISOString(),
    model_version: window.modelVersion,
    served_rows: window.servedRows,
    labelled_rows: window.labelledRows,
    realised: window.realised?.metrics.map(toMetric) ?? null,
    estimated: window.estimated?.metrics.map(toMetric) ?? null,
  };
}

function toMetric({ metric, class: name, value, low, high }: MetricValue): MetricReport {
  return { metric, class: name, value, low, high };
}

/** The metric of a window over all classes; undefined when it was not computed. */
export function metricOf(metrics: MetricReport[] | null, metric: string): MetricReport | undefined {
  return metrics?.find((value) => value.metric === metric && (value.class === null || value.class === 'macro'));
}

function performanceHeadline(point: PerformancePoint | null, metric: string): string {
  if (!point) return 'Nothing is known of the performance yet: no window was summarised.';
  const [real, estimate] = [metricOf(point.realised, metric), metricOf(point.estimated, metric)];
  const name = metric.replace('_', ' ');
  const coverage = `outcomes are known of ${percent(point.labelled_rows / Math.max(1, point.served_rows))} of the rows`;
  if (real) return `The ${name} is ${figure(real.value)}${within(real)}; ${coverage}.`;
  if (estimate) return `The ${name} is estimated at ${figure(estimate.value)}${within(estimate)}; ${coverage}.`;
  return `No outcomes are known, and the ${name} cannot be estimated for this model.`;
}

function within({ low, high }: MetricReport): string {
  return low === null || high === null ? '' : ` (95 % interval ${figure(low)} to ${figure(high)})`;
}
