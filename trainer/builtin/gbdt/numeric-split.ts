import { BIN_FIELDS } from './histogram.js';
import { type BestSplit, leafScore, type NodeSums, type SplitLimits } from './split.js';

/**
 * Tries every threshold of one numeric feature, with the missing values on the right and, where the node has any, on the left;
 * also present against missing. Without missing values in the node, they are sent to the side with more rows.
 * @param begin  index of the feature's first number in the histogram
 * @param bins   number of bins of the feature, the one for missing values included
 */
export function scanNumeric(
  histogram: Float64Array,
  begin: number,
  bins: number,
  feature: number,
  node: NodeSums,
  limits: SplitLimits,
  best: BestSplit,
): void {
  const missingRows = histogram[begin + 2]!;
  const { leafRows, leafHessian, l2 } = limits;
  const parent = leafScore(node.gradient, node.hessian, l2);
  const sides = missingRows > 0 ? 2 : 1;
  const lastBin = missingRows > 0 ? bins - 1 : bins - 2;
  for (let side = 0; side < sides; side++) {
    let gradient = side === 1 ? histogram[begin]! : 0;
    let hessian = side === 1 ? histogram[begin + 1]! : 0;
    let rows = side === 1 ? missingRows : 0;
    for (let bin = 1, at = begin + BIN_FIELDS; bin <= lastBin; bin++, at += BIN_FIELDS) {
      gradient += histogram[at]!;
      hessian += histogram[at + 1]!;
      rows += histogram[at + 2]!;
      if (rows < leafRows || hessian < leafHessian) continue;
      const rightHessian = node.hessian - hessian;
      if (node.rows - rows < leafRows || rightHessian < leafHessian) break;
      const rightGradient = node.gradient - gradient;
      const gain =
        (gradient * gradient) / (hessian + l2) + (rightGradient * rightGradient) / (rightHessian + l2) - parent;
      if (!(gain > best.gain)) continue;
      best.feature = feature;
      best.gain = gain;
      best.missingLeft = missingRows > 0 ? side === 1 : rows * 2 >= node.rows;
      best.lastBin = bin;
      best.setSize = 0;
      best.leftGradient = gradient;
      best.leftHessian = hessian;
      best.leftRows = rows;
    }
  }
}
