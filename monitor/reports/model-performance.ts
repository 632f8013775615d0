import type { ModelVersion } from '../../core/registry/versions.js';
import { figure, percent } from '../html/format.js';
import { allowedLoss } from '../performance/judge-loss.js';
import type {
  MetricValue,
  PerformanceVerdict,
  PerformanceWindow,
  StretchPerformance,
} from '../performance/window-performance.js';
import { type ReportQuestion, reportHead } from './head.js';
import type { MetricReport, ModelPerformanceReport, PerformancePoint } from './report.js';

/**
 * The report on how the model does.
 * @param measured  the stretch of time that was asked for; undefined without rows in it
 * @param windows  of the version, newest first
 */
export function modelPerformanceReport(
  options: ReportQuestion & {
    measured: StretchPerformance | undefined;
    windows: PerformanceWindow[];
  },
): ModelPerformanceReport {
  const { version, asked, measured, windows, segment } = options;
  const { metric } = version.manifest.retraining;
  const chosen = 'newestOf' in asked ? mostTelling(windows) : measured;
  const current = chosen ? toPoint(chosen) : null;
  // What is known of registration is of all rows, and says nothing of a part of them.
  const judged = segment === '' ? chosen?.verdict : undefined;
  const fell = judged === 'drop' && fallHeadline(version.manifest);
  return {
    ...reportHead('model-performance', options, undefined),
    window: chosen
      ? { start: chosen.windowStart.toISOString(), end: chosen.windowEnd.toISOString(), row_count: chosen.servedRows }
      : null,
    verdict: performanceVerdict(chosen, metric, judged),
    headline: `${fell ? `${fell} ` : ''}${current ? performanceHeadline(current, metric) : nothingKnown(options)}`,
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

/** The first outcomes of a window that has just closed decide nothing yet, and must not hide one that is decided. */
function mostTelling(windows: PerformanceWindow[]): PerformanceWindow | undefined {
  const decided = windows.find((window) => window.verdict !== 'insufficient-data');
  return decided ?? windows.find((window) => window.realised) ?? windows[0];
}

/**
 * `drift`, of the concept, where outcomes show a loss that the manifest does not allow, which an alert tells too. `warning`
 * where the loss may be chance still, or where the model does worse than its calibrated scores promise on the same rows,
 * beyond both intervals: then the relation of inputs and truth has changed. Without outcomes there is nothing to judge by.
 */
function performanceVerdict(
  window: StretchPerformance | undefined,
  metric: string,
  judged: PerformanceVerdict | undefined,
): 'ok' | 'warning' | 'drift' | 'insufficient-data' {
  if (!window?.realised) return 'insufficient-data';
  if (judged === 'drop') return 'drift';
  if (judged === 'warning') return 'warning';
  const real = metricOf(window.realised.metrics.map(toMetric), metric);
  const promised = metricOf(window.estimatedOfLabelled?.metrics.map(toMetric) ?? null, metric);
  if (!real || !promised) return 'ok';
  const [worse, better] = metric === 'accuracy' ? [real.high, promised.low] : [promised.high, real.low];
  return worse !== null && better !== null && worse < better ? 'warning' : 'ok';
}

/** A window as a point of a report. */
export function toPoint(window: StretchPerformance): PerformancePoint {
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

/** What is said first where the whole interval of the loss is beyond what the manifest allows. */
function fallHeadline(manifest: Pick<ModelVersion['manifest'], 'monitoring'>): string {
  return `Performance fell: the loss since registration is beyond the ${percent(allowedLoss(manifest))} that the manifest allows.`;
}

function nothingKnown({ version, asked, segment }: ReportQuestion): string {
  const start = 'Nothing is known of the performance';
  if (!version.referencePerformance) return `${start}: version ${version.modelVersion} was registered without truth.`;
  if ('newestOf' in asked) return `${start} yet: no window was summarised.`;
  return `${start}: there are no rows${segment && ` of ${segment}`} in the time that was asked for.`;
}

function performanceHeadline(point: PerformancePoint, metric: string): string {
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
