import type { Task } from './dataset.js';
import { mostProbable } from './gbdt/answers.js';

/** Quality on rows the model has not seen. Weighted by the rows' weights. */
export type ValidationMetrics =
  | { readonly rows: number; readonly accuracy: number; readonly macroF1: number; readonly logLoss: number }
  | { readonly rows: number; readonly meanAbsoluteError: number; readonly rootMeanSquaredError: number };

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
 * Classification: accuracy, macro F1 (mean over the classes present in truth or answers, 0 where a class is never hit) and log
 * loss in nats. Regression: mean absolute and root mean squared error, in the target's unit.
 */
export function validationMetrics(answered: Answered): ValidationMetrics {
  return answered.task === 'regression' ? regressionMetrics(answered) : classMetrics(answered);
}

function regressionMetrics({ rows, answers, target, weights }: Answered): ValidationMetrics {
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

function classMetrics({ rows, answers, target, weights, classCount }: Answered): ValidationMetrics {
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
    logLoss: logLoss / total,
  };
}
