import type { PredictionBatch } from '../../core/inference/batch.js';
import type { Manifest, Metric } from '../../core/manifest/manifest.js';

/** Probabilities are float32, so one that is printed as 0 may be this large; it keeps log loss finite, as in scikit-learn. */
const LEAST_PROBABILITY = 2 ** -23;

/**
 * What each row adds to a metric: accuracy 1 or 0; log_loss -ln(probability of the true class), in nats; mae the absolute and
 * rmse the squared error.
 * @throws RangeError  log_loss of a model that answers no probabilities
 */
export function rowContributions(
  manifest: Pick<Manifest, 'classes'>,
  metric: Metric,
  predictions: PredictionBatch,
  targets: string[],
): Float64Array {
  return Float64Array.from(targets, (target, row) => {
    if (metric === 'accuracy') return predictions.labels?.[row] === target ? 1 : 0;
    if (metric === 'log_loss') return logLoss(manifest, predictions, target, row);
    const error = (predictions.values?.[row] ?? Number.NaN) - Number(target);
    return metric === 'mae' ? Math.abs(error) : error * error;
  });
}

function logLoss(
  manifest: Pick<Manifest, 'classes'>,
  predictions: PredictionBatch,
  target: string,
  row: number,
): number {
  if (!predictions.probabilities) {
    throw new RangeError('rowContributions: log_loss needs probabilities; set retraining.metric to accuracy');
  }
  const probability = predictions.probabilities[row * manifest.classes.length + manifest.classes.indexOf(target)]!;
  return -Math.log(Math.max(probability, LEAST_PROBABILITY));
}

/** The metric of rows whose contributions add up to `sum`. */
export function metricOf(metric: Metric, sum: number, rows: number): number {
  return metric === 'rmse' ? Math.sqrt(sum / rows) : sum / rows;
}

/** By how much the challenger is better, in the metric's unit: positive is better for every metric. */
export function improvementOf(metric: Metric, champion: number, challenger: number): number {
  return metric === 'accuracy' ? challenger - champion : champion - challenger;
}
