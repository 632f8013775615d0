import type { TrainingMetric } from '../../../core/training/plan.js';
import type { TrialRecord } from '../../../core/training/trials.js';
import type { Candidate } from '../candidate.js';
import type { Dataset } from '../dataset.js';
import { metricFromLoss } from '../metric.js';
import type { ValidationMetrics } from '../validation-metrics.js';
import type { Point } from './space.js';

/** A candidate that was tried. */
export interface Trial {
  /** From 0. */
  readonly number: number;
  readonly candidate: Candidate;
  readonly point: Point;
  /** pruned: given up after the first fold, on which it was worse than half of the trials before it. */
  readonly state: 'complete' | 'pruned';
  /** Over all rows, each answered by the fold that did not learn it; of the first fold only when pruned. */
  readonly metrics: ValidationMetrics;
  /** The metric of the search as a loss, see `lossOf`; by fold in `foldLosses`. */
  readonly loss: number;
  readonly foldLosses: readonly number[];
  /** Mean over the folds. */
  readonly iterations: number;
  /** Time spent on its folds, together. */
  readonly seconds: number;
}

/** A trial as the experiment record keeps it. */
export function trialRecord(trial: Trial, metric: TrainingMetric, dataset: Dataset): TrialRecord {
  const { candidate, metrics } = trial;
  return {
    number: trial.number,
    state: trial.state,
    family: candidate.family,
    parameters: {
      ...candidate.parameters,
      ...(candidate.logTarget && { logTarget: true }),
      features: candidate.features.map((feature) => dataset.columns[feature]!.name),
    },
    metrics: { ...metrics, iterations: trial.iterations },
    metric,
    score: metricFromLoss(trial.loss, metric),
    durationSeconds: trial.seconds,
  };
}

/** The complete trial with the least loss; the first one of equals. */
export function bestTrial(trials: readonly Trial[]): Trial | undefined {
  return trials
    .filter(({ state }) => state === 'complete')
    .reduce<Trial | undefined>(
      (best, trial) => (best === undefined || trial.loss < best.loss ? trial : best),
      undefined,
    );
}
