import { Gauge, type Registry } from 'prom-client';
import { referencePerformanceOf } from '../performance/describe-performance.js';
import { allowedLoss } from '../performance/judge-loss.js';
import { performanceLoss } from '../performance/performance-loss.js';
import type { MetricName, Performance } from '../performance/window-performance.js';
import type { ChampionPerformance } from './champion-performance.js';
import { createQualityMetrics } from './quality-metrics.js';

/** Gauges of how champions do, and of the quality of their data. */
export interface PerformanceMetrics {
  /** Replaces all series by those of these champions; what is not known has no series. */
  set(champions: ChampionPerformance[]): void;
}

/** Where a value is from: outcomes, calibrated scores without outcomes, or the rows the version was frozen with. */
const SOURCES = ['realised', 'estimated', 'reference'] as const;
type Source = (typeof SOURCES)[number];

const METRICS: Record<MetricName, { name: string; help: string }> = {
  accuracy: { name: 'model_accuracy_ratio', help: 'Share of right answers' },
  precision: { name: 'model_precision_ratio', help: 'Precision of the positive class, or its plain mean over classes' },
  recall: { name: 'model_recall_ratio', help: 'Recall of the positive class, or its plain mean over classes' },
  f1: { name: 'model_f1_ratio', help: 'F1 of the positive class, or its plain mean over classes' },
  roc_auc: { name: 'model_roc_auc_ratio', help: 'Area under the ROC curve, or its plain mean over classes' },
  log_loss: { name: 'model_log_loss_nats', help: 'Log loss' },
  brier: { name: 'model_brier_score', help: 'Brier score' },
  mae: { name: 'model_mean_absolute_error', help: 'Mean absolute error, in the unit of the target' },
  rmse: { name: 'model_root_mean_squared_error', help: 'Root of the mean squared error, in the unit of the target' },
  mape: { name: 'model_mean_absolute_percentage_error_ratio', help: 'Mean absolute error relative to the truth' },
  r2: { name: 'model_r2_ratio', help: 'Share of the variance of the truth that is explained' },
  bias: { name: 'model_bias', help: 'Mean of prediction minus truth, in the unit of the target' },
};

/** Creates them in `registry`. */
export function createPerformanceMetrics(registry: Registry): PerformanceMetrics {
  const quality = createQualityMetrics(registry);
  const gauges: Gauge[] = [];
  const create = (name: string, help: string, labels: string[] = []): Gauge => {
    const labelNames = ['model_name', 'model_version', ...labels];
    const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
    gauges.push(gauge);
    return gauge;
  };
  const byMetric = new Map(
    Object.entries(METRICS).map(([metric, { name, help }]) => {
      const from = 'of the newest window with outcomes (realised), of the newest (estimated), and at registration.';
      return [metric, create(name, `${help}, ${from}`, ['source'])];
    }),
  );
  const worse = `How much worse the window that a version is judged by (realised: the last that shows a drop until one takes it back), or the newest (estimated), is than at registration, by the manifest’s retraining metric, as a part`;
  const loss = create('model_performance_loss_ratio', `${worse}: 0.1 is a tenth worse.`, ['source']);
  const lossAtLeast = create(
    'model_performance_loss_lower_bound_ratio',
    `${worse}: the least that the 95 % interval allows.`,
    ['source'],
  );
  const lossThreshold = create(
    'model_performance_loss_ratio_threshold',
    'Loss beyond which people are told and a retraining begins.',
  );
  const coverage = create('label_coverage_ratio', 'Share of the rows of the newest window whose outcome is known.');
  const due = create(
    'label_coverage_due_ratio',
    'Share of rows whose outcome is known in the newest window whose outcomes are due by the manifest.',
  );
  const dueThreshold = create('label_coverage_due_ratio_threshold', 'Share of outcomes that the manifest expects.');
  const calibration = create(
    'calibration_error_ratio',
    'Expected calibration error of the newest window with outcomes.',
  );
  const setPerformance = (labels: Labels, source: Source, performance: Performance | null): void => {
    for (const { metric, value } of headline(performance, labels.positiveClass)) {
      byMetric.get(metric)!.set({ ...labels.model, source }, value);
    }
  };
  const setLoss = (champion: ChampionPerformance, model: Labels['model'], source: Source): void => {
    const { version, newest, judged } = champion;
    const { metric } = version.manifest.retraining;
    const found =
      source === 'realised'
        ? performanceLoss(metric, referencePerformanceOf(version), judged?.realised)
        : // Windows of earlier builds do not hold it.
          (newest?.estimatedLoss ?? performanceLoss(metric, referencePerformanceOf(version), newest?.estimated));
    if (!found) return;
    loss.set({ ...model, source }, found.value);
    if (found.atLeast !== null) lossAtLeast.set({ ...model, source }, found.atLeast);
  };
  const setChampion = (champion: ChampionPerformance): void => {
    const { version, newest, labelled } = champion;
    const { outcomes } = version.manifest.monitoring;
    const labels: Labels = {
      model: { model_name: version.modelName, model_version: String(version.modelVersion) },
      positiveClass: version.manifest.positiveClass,
    };
    setPerformance(labels, 'reference', referencePerformanceOf(version));
    setPerformance(labels, 'estimated', newest?.estimated ?? null);
    setPerformance(labels, 'realised', labelled?.realised ?? null);
    for (const source of ['realised', 'estimated'] as const) setLoss(champion, labels.model, source);
    lossThreshold.set(labels.model, allowedLoss(version.manifest));
    setCoverage(coverage, labels.model, newest);
    setCoverage(due, labels.model, champion.due);
    if (outcomes) dueThreshold.set(labels.model, outcomes.coverage);
    if (labelled?.calibration) calibration.set(labels.model, labelled.calibration.expectedCalibrationError);
    quality.set(labels.model, champion);
  };
  return {
    set: (champions) => {
      quality.reset();
      for (const gauge of gauges) gauge.reset();
      champions.forEach(setChampion);
    },
  };
}

interface Labels {
  model: { model_name: string; model_version: string };
  positiveClass: string | undefined;
}

function setCoverage(gauge: Gauge, model: Labels['model'], window: ChampionPerformance['newest']): void {
  if (window && window.servedRows > 0) gauge.set(model, window.labelledRows / window.servedRows);
}

/** One value a metric: of no class, of the positive class, or the mean over classes. */
function headline(performance: Performance | null, positiveClass: string | undefined): Performance['metrics'] {
  const wanted = [null, positiveClass ?? 'macro'];
  return performance?.metrics.filter((value) => wanted.includes(value.class)) ?? [];
}
