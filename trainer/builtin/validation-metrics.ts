import type { Task } from './dataset.js';
import { mostProbable } from './gbdt/answers.js';
import { rocAuc } from './roc-auc.js';

/** Quality on rows the model has not seen. Weighted by the rows' weights. */
export type ValidationMetrics = ClassMetrics | ValueMetrics;

/** Quality of class probabilities. */
export interface ClassMetrics {
  readonly rows: number;
  readonly accuracy: number;
  readonly macroF1: number;
  /** Mean over the classes that have rows in and outside of them, each against all others; NaN where there is none. */
  readonly rocAuc: number;
  /** In nats. */
  readonly logLoss: number;
}

/** Quality of values, in the target's unit. */
export interface ValueMetrics {
  readonly rows: number;
  readonly meanAbsoluteError: number;
  readonly rootMeanSquaredError: number;
}

/** Answers of some rows beside the truth. */
export interface Answered {
  readonly task: Task;
  readonly classCount: number;
  /** Rows to judge by. */
  readonly rows: Int32Array;
  /** By row of the dataset: value, or row * classCount + class: probability. */
  readonly answers: Float64Array;
  readonly target: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Classification: accuracy, macro F1 (mean over the classes present in truth or answers, 0 where a class is never hit), ROC AUC
 * and log loss. Regression: mean absolute and root mean squared error, in the target's unit.
 */
export function validationMetrics(answered: Answered): ValidationMetrics {
  return answered.task === 'regression' ? regressionMetrics(answered) : classMetrics(answered);
}

function regressionMetrics({ rows, answers, target, weights }: Answered): ValueMetrics {
  let absolute = 0;
  let squared = 0;
  let total = 0;
  for (const row of rows) {
    const error = answers[row]! - target[row]!;
    absolute += weights[row]! * Math.abs(error);
    squared += weights[row]! * error * error;
    total += weights[row]!;
  }
  return { rows: rows.length, meanAbsoluteError: absolute / total, rootMeanSquaredError: Math.sqrt(squared / total) };
}

const LEAST_PROBABILITY = 1e-15;

function classMetrics(answered: Answered): ClassMetrics {
  const { rows, answers, target, weights, classCount } = answered;
  const hits = new Float64Array(classCount);
  const actual = new Float64Array(classCount);
  const predicted = new Float64Array(classCount);
  let logLoss = 0;
  let total = 0;
  for (const row of rows) {
    const weight = weights[row]!;
    const truth = target[row]!;
    const answer = mostProbable(answers, row, classCount);
    actual[truth]! += weight;
    predicted[answer]! += weight;
    if (answer === truth) hits[truth]! += weight;
    logLoss -= weight * Math.log(Math.max(answers[row * classCount + truth]!, LEAST_PROBABILITY));
    total += weight;
  }
  const seen = [...hits.keys()].filter((i) => actual[i]! + predicted[i]! > 0);
  const f1 = seen.map((i) => (2 * hits[i]!) / (actual[i]! + predicted[i]!));
  return {
    rows: rows.length,
    accuracy: hits.reduce((sum, hit) => sum + hit, 0) / total,
    macroF1: f1.reduce((sum, value) => sum + value, 0) / seen.length,
    rocAuc: meanRocAuc(answered),
    logLoss: logLoss / total,
  };
}

/** Two classes give the same area, so the second one alone is looked at. */
function meanRocAuc({ rows, answers, target, weights, classCount }: Answered): number {
  const classes = classCount === 2 ? [1] : [...Array(classCount).keys()];
  const areas = classes
    .map((of) =>
      rocAuc(
        Float64Array.from(rows, (row) => answers[row * classCount + of]!),
        Uint8Array.from(rows, (row) => (target[row] === of ? 1 : 0)),
        Float64Array.from(rows, (row) => weights[row]!),
      ),
    )
    .filter((area) => !Number.isNaN(area));
  return areas.reduce((sum, area) => sum + area, 0) / areas.length;
}
