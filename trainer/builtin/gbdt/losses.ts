import type { Task } from '../dataset.js';

/**
 * A loss over raw scores. Scores, gradients and hessians are laid out output by output: entry `output * n + row`, where n is
 * the number of rows of the dataset. Only the rows given are read and written.
 */
export interface Loss {
  /** Raw scores a row: one for a value or two classes, one per class otherwise. */
  readonly outputs: number;
  /** The constant raw scores to start from. */
  base(rows: Int32Array): Float64Array;
  /** First and second derivatives of the weighted loss. */
  gradients(scores: Float64Array, rows: Int32Array, gradients: Float64Array, hessians: Float64Array): void;
  /** Weighted mean loss: half the squared error, or cross entropy in nats. */
  mean(scores: Float64Array, rows: Int32Array): number;
}

/** Inputs of a loss: class index or value per row, and weight per row. */
export interface LossTarget {
  readonly target: Float64Array;
  readonly weights: Float64Array;
}

/** The loss of a task: squared for a value, logistic for two classes, softmax for more. */
export function createLoss(task: Task, classCount: number, of: LossTarget): Loss {
  if (task === 'regression') return squaredLoss(of);
  return task === 'binary' ? logisticLoss(of) : softmaxLoss(of, classCount);
}

function squaredLoss({ target, weights }: LossTarget): Loss {
  return {
    outputs: 1,
    base: (rows) => Float64Array.of(weightedMean(rows, weights, (row) => target[row]!)),
    gradients(scores, rows, gradients, hessians) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const weight = weights[row]!;
        gradients[row] = weight * (scores[row]! - target[row]!);
        hessians[row] = weight;
      }
    },
    mean: (scores, rows) => weightedMean(rows, weights, (row) => (scores[row]! - target[row]!) ** 2 / 2),
  };
}

function logisticLoss({ target, weights }: LossTarget): Loss {
  return {
    outputs: 1,
    base(rows) {
      const [negative, positive] = classShares(rows, weights, target, 2);
      return Float64Array.of(Math.log(positive! / negative!));
    },
    gradients(scores, rows, gradients, hessians) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const weight = weights[row]!;
        const probability = 1 / (1 + Math.exp(-scores[row]!));
        gradients[row] = weight * (probability - target[row]!);
        hessians[row] = weight * probability * (1 - probability);
      }
    },
    mean: (scores, rows) =>
      weightedMean(rows, weights, (row) => {
        const margin = target[row] === 1 ? scores[row]! : -scores[row]!;
        return Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
      }),
  };
}

/** Second derivatives carry Friedman's factor K / (K - 1) (2001, algorithm 6), as the K scores have one degree too many. */
function softmaxLoss({ target, weights }: LossTarget, classCount: number): Loss {
  const n = target.length;
  const factor = classCount / (classCount - 1);
  return {
    outputs: classCount,
    base: (rows) => classShares(rows, weights, target, classCount).map(Math.log),
    gradients(scores, rows, gradients, hessians) {
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i]!;
        const weight = weights[row]!;
        const normaliser = logSumExp(scores, row, n, classCount);
        for (let output = 0, at = row; output < classCount; output++, at += n) {
          const probability = Math.exp(scores[at]! - normaliser);
          gradients[at] = weight * (probability - (target[row] === output ? 1 : 0));
          hessians[at] = weight * factor * probability * (1 - probability);
        }
      }
    },
    mean: (scores, rows) =>
      weightedMean(rows, weights, (row) => logSumExp(scores, row, n, classCount) - scores[target[row]! * n + row]!),
  };
}

function logSumExp(scores: Float64Array, row: number, n: number, classCount: number): number {
  let largest = -Infinity;
  for (let output = 0, at = row; output < classCount; output++, at += n) largest = Math.max(largest, scores[at]!);
  let sum = 0;
  for (let output = 0, at = row; output < classCount; output++, at += n) sum += Math.exp(scores[at]! - largest);
  return largest + Math.log(sum);
}

/** Weighted share of each class, with one row of weight 1 added to each so that a class without rows keeps a finite log. */
function classShares(rows: Int32Array, weights: Float64Array, target: Float64Array, classCount: number): Float64Array {
  const shares = new Float64Array(classCount).fill(1);
  let total = classCount;
  for (const row of rows) {
    shares[target[row]!]! += weights[row]!;
    total += weights[row]!;
  }
  return shares.map((share) => share / total);
}

function weightedMean(rows: Int32Array, weights: Float64Array, value: (row: number) => number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    sum += weights[row]! * value(row);
    total += weights[row]!;
  }
  return sum / total;
}
