import type { Loss, LossTarget } from '../gbdt/losses.js';

/**
 * Half the squared error of class shares: of the second class for two classes, of each class otherwise. Trees grown on it
 * split as by the Gini impurity (Breiman et al. 1984: for 0/1 indicators the two fall alike).
 */
export function indicatorLoss({ target, weights }: LossTarget, classCount: number): Loss {
  const n = target.length;
  const outputs = classCount === 2 ? 1 : classCount;
  const isClass = (row: number, output: number): number => {
    return target[row] === (classCount === 2 ? 1 : output) ? 1 : 0;
  };
  return {
    outputs,
    base(rows) {
      const shares = new Float64Array(outputs);
      let total = 0;
      for (const row of rows) {
        total += weights[row]!;
        for (let output = 0; output < outputs; output++) shares[output]! += weights[row]! * isClass(row, output);
      }
      return shares.map((share) => share / total);
    },
    gradients(scores, rows, gradients, hessians) {
      for (let output = 0, from = 0; output < outputs; output++, from += n) {
        for (const row of rows) {
          gradients[from + row] = weights[row]! * (scores[from + row]! - isClass(row, output));
          hessians[from + row] = weights[row]!;
        }
      }
    },
    mean(scores, rows) {
      let sum = 0;
      let total = 0;
      for (const row of rows) {
        total += weights[row]!;
        for (let output = 0; output < outputs; output++) {
          sum += (weights[row]! * (scores[output * n + row]! - isClass(row, output)) ** 2) / 2;
        }
      }
      return sum / total;
    },
  };
}
