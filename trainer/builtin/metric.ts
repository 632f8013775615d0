import type { TrainingMetric } from '../../core/training/plan.js';
import type { ValidationMetrics } from './validation-metrics.js';

/**
 * A metric as a loss: less is better. Accuracy, macro F1 and ROC AUC are counted from 1 downwards.
 * @throws RangeError  the metric is one of another kind of task
 */
export function lossOf(metrics: ValidationMetrics, metric: TrainingMetric): number {
  if ('accuracy' in metrics) {
    if (metric === 'accuracy') return 1 - metrics.accuracy;
    if (metric === 'macro_f1') return 1 - metrics.macroF1;
    if (metric === 'roc_auc') return 1 - metrics.rocAuc;
    if (metric === 'log_loss') return metrics.logLoss;
    throw new RangeError(`train: metric ${metric} is for regression; give accuracy, macro_f1, roc_auc or log_loss`);
  }
  if (metric === 'mae') return metrics.meanAbsoluteError;
  if (metric === 'rmse') return metrics.rootMeanSquaredError;
  throw new RangeError(`train: metric ${metric} is for classes; give mae or rmse`);
}

/** The metric itself again, from its loss. */
export function metricFromLoss(loss: number, metric: TrainingMetric): number {
  return metric === 'accuracy' || metric === 'macro_f1' || metric === 'roc_auc' ? 1 - loss : loss;
}
