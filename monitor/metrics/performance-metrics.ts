import { Gauge, type Registry } from 'prom-client';
import { referencePerformanceOf } from '../performance/compute-windows.js';
import type { MetricName, Performance } from '../performance/window-performance.js';
import type { ChampionPerformance } from './champion-performance.js';

/** Gauges of how champions do, and of the quality of their data. */
export interface PerformanceMetrics {
  /** Replaces all series by those of these champions; what is not known has no series. */
  set(champions: ChampionPerformance[]): void;
}

/** Where a value is from: outcomes, calibrated scores without outcomes, or the rows the version was frozen with. */
const SOURCES = ['realised', 'estimated', 'reference'] as const;

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
  const model = ['model_name', 'model_version'];
  const create = (name: string, help: string, labels: string[]): Gauge =>
    new Gauge({ name, help, labelNames: [...model, ...labels], registers: [registry] });
  const byMetric = new Map(
    Object.entries(METRICS).map(([metric, { name, help }]) => {
      const from = 'of the newest window with outcomes (realised), of the newest (estimated), and at registration.';
      return [metric, create(name, `${help}, ${from}`, ['source'])];
    }),
  );
  const coverage = create('label_coverage_ratio', 'Share of the rows of the newest window whose outcome is known.', []);
  const calibration = create(
    'calibration_error_ratio',
    'Expected calibration error of the newest window with outcomes.',
    [],
  );
  const missing = create('data_missing_ratio', 'Share of missing values in the newest window.', ['feature']);
  const range = create('data_out_of_range_ratio', 'Share of values outside the manifest’s range.', ['feature']);
  const unseen = create('data_unseen_category_ratio', 'Share of categories that the reference does not have.', [
    'feature',
  ]);
  const constant = create('data_constant', '1 where a feature that varied in the reference stands still.', ['feature']);
  const duplicates = create('data_duplicate_rows_ratio', 'Share of rows that repeat another of the newest window.', []);
  const gauges = [...byMetric.values(), coverage, calibration, missing, range, unseen, constant, duplicates];
  const setPerformance = (labels: Labels, source: (typeof SOURCES)[number], performance: Performance | null): void => {
    for (const { metric, value } of headline(performance, labels.positiveClass)) {
      byMetric.get(metric)!.set({ ...labels.model, source }, value);
    }
  };
  const setChampion = ({ version, newest, labelled, quality }: ChampionPerformance): void => {
    const labels: Labels = {
      model: { model_name: version.modelName, model_version: String(version.modelVersion) },
      positiveClass: version.manifest.positiveClass,
    };
    setPerformance(labels, 'reference', referencePerformanceOf(version));
    setPerformance(labels, 'estimated', newest?.estimated ?? null);
    setPerformance(labels, 'realised', labelled?.realised ?? null);
    if (newest && newest.servedRows > 0) coverage.set(labels.model, newest.labelledRows / newest.servedRows);
    if (labelled?.calibration) calibration.set(labels.model, labelled.calibration.expectedCalibrationError);
    if (!quality || quality.rowCount === 0) return;
    duplicates.set(labels.model, quality.duplicateShare);
    for (const feature of quality.features) {
      const own = { ...labels.model, feature: feature.feature };
      missing.set(own, feature.missingShare);
      range.set(own, feature.outOfRangeShare);
      unseen.set(own, feature.unseenShare);
      constant.set(own, feature.constant ? 1 : 0);
    }
  };
  return {
    set: (champions) => {
      for (const gauge of gauges) gauge.reset();
      champions.forEach(setChampion);
    },
  };
}

interface Labels {
  model: { model_name: string; model_version: string };
  positiveClass: string | undefined;
}

/** One value a metric: of no class, of the positive class, or the mean over classes. */
function headline(performance: Performance | null, positiveClass: string | undefined): Performance['metrics'] {
  const wanted = [null, positiveClass ?? 'macro'];
  return performance?.metrics.filter((value) => wanted.includes(value.class)) ?? [];
}
