import type { Manifest } from '../../core/manifest/manifest.js';
import type { ClassLayout } from '../../core/performance/layout.js';
import { type ClassCounts, f1Score } from './f1-score.js';
import { macroF1 } from './macro-f1.js';
import { rocAuc } from './roc-auc.js';
import { type Interval, NO_INTERVAL, normalInterval, wilsonInterval } from './wilson-interval.js';
import type { MetricName, MetricValue, Performance } from './window-performance.js';

/**
 * Metrics of a classification from its sums, of known or of expected classes: accuracy, precision, recall and F1 by class
 * and as plain means over the classes that have one, ROC AUC, log loss and Brier score. What cannot be computed is left
 * out, never 0. Precision, recall and accuracy are shares with Wilson intervals; each function tells of the others.
 * @param evidence  the rows are worth this share of as many independent rows: 1, or less for an estimate that rests on a
 *   finite reference; intervals widen accordingly
 */
export function classMetrics(
  manifest: Pick<Manifest, 'classes'>,
  layout: ClassLayout,
  sums: ArrayLike<number>,
  evidence = 1,
): Performance | null {
  const worth = Float64Array.from(sums, (amount) => amount * evidence);
  const counts = manifest.classes.map((_, index): ClassCounts => {
    const at = (first: number): number => worth[first + index]!;
    return { right: at(layout.right), answered: at(layout.answered), actual: at(layout.actual) };
  });
  const rows = total(counts.map((count) => count.answered));
  if (rows <= 0) return null;
  const confusion = confusionOf(layout, worth);
  const metrics: MetricValue[] = [];
  const put = (
    metric: MetricName,
    name: string | null,
    { value, low, high }: Interval & { value: number },
    interval: MetricValue['interval'],
  ): void => {
    if (Number.isFinite(value)) {
      metrics.push({ metric, class: name, value, low, high, interval: low === null ? 'none' : interval });
    }
  };
  const right = total(counts.map((count) => count.right));
  put('accuracy', null, share(right, rows), 'wilson');
  const macro = { precision: [] as number[], recall: [] as number[], f1: [] as number[] };
  counts.forEach((count, index) => {
    const ofClass = { precision: share(count.right, count.answered), recall: share(count.right, count.actual) };
    for (const [metric, value] of Object.entries({ ...ofClass, f1: f1Score(count) })) {
      put(metric as MetricName, manifest.classes[index]!, value, 'wilson');
      if (!Number.isNaN(value.value)) macro[metric as keyof typeof macro].push(value.value);
    }
  });
  for (const metric of ['precision', 'recall'] as const) put(metric, 'macro', mean(macro[metric]), 'none');
  put('f1', 'macro', confusion ? macroF1(confusion) : mean(macro.f1), 'delta');
  putRocAuc(manifest, layout, worth, metrics);
  for (const metric of ['log_loss', 'brier'] as const) putMean(layout, worth, metric, put);
  const unscaled = confusion?.map((row) => row.map((count) => count / evidence));
  return {
    rows: rows / evidence,
    metrics,
    confusion: unscaled ? { classes: manifest.classes, counts: unscaled } : null,
  };
}

/** Of the binned classes: the positive one of a binary model, or all with their plain mean, whose interval takes their errors to go together. */
function putRocAuc(
  manifest: Pick<Manifest, 'classes'>,
  layout: ClassLayout,
  sums: Float64Array,
  metrics: MetricValue[],
): void {
  const areas = layout.scores.flatMap(({ class: index, bins, positives, totals }) => {
    const area = rocAuc(sums.subarray(positives, positives + bins), sums.subarray(totals, totals + bins));
    return Number.isNaN(area.value) ? [] : [{ name: manifest.classes[index]!, ...area }];
  });
  for (const { name, value, low, high, binningError } of areas) {
    const interval = low === null ? 'none' : 'delong';
    metrics.push({ metric: 'roc_auc', class: name, value, low, high, interval, binningError });
  }
  if (layout.scores.length < 2 || areas.length === 0) return;
  const average = (pick: (area: (typeof areas)[number]) => number): number => total(areas.map(pick)) / areas.length;
  metrics.push({
    metric: 'roc_auc',
    class: 'macro',
    value: average((area) => area.value),
    low: average((area) => area.low ?? area.value),
    high: average((area) => area.high ?? area.value),
    interval: 'delong',
    binningError: average((area) => area.binningError),
  });
}

function putMean(
  layout: ClassLayout,
  sums: Float64Array,
  metric: 'log_loss' | 'brier',
  put: (metric: MetricName, name: null, value: Interval & { value: number }, interval: 'normal') => void,
): void {
  const rows = sums[layout.scored]!;
  if (rows <= 0) return;
  const [first, second] = metric === 'log_loss' ? [layout.logLoss, layout.logLoss2] : [layout.brier, layout.brier2];
  const value = sums[first]! / rows;
  const variance = Math.max(0, sums[second]! / rows - value * value);
  put(metric, null, { value, ...normalInterval(value, Math.sqrt(variance / rows), 0) }, 'normal');
}

function confusionOf({ confusion, count }: ClassLayout, sums: Float64Array): number[][] | null {
  if (confusion === null) return null;
  return Array.from({ length: count }, (_, actual) =>
    Array.from(sums.subarray(confusion + actual * count, confusion + (actual + 1) * count)),
  );
}

function share(part: number, whole: number): Interval & { value: number } {
  return { value: whole > 0 ? part / whole : Number.NaN, ...wilsonInterval(part, whole) };
}

function mean(values: number[]): Interval & { value: number } {
  return { value: values.length > 0 ? total(values) / values.length : Number.NaN, ...NO_INTERVAL };
}

function total(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
