import { BIN_FIELDS } from './histogram.js';
import { type BestSplit, leafScore, type NodeSums, type SplitLimits } from './split.js';

/** Buffers for sorting a node's categories, as long as a feature's bins. */
export interface CategoryBuffers {
  /** By bin: gradient over smoothed hessian. */
  readonly ratios: Float64Array;
  /** Bins of the categories that may join a set, ascending by ratio. */
  readonly sorted: Uint8Array;
}

/** Buffers for the categories of one feature at a time. */
export function createCategoryBuffers(): CategoryBuffers {
  return { ratios: new Float64Array(256), sorted: new Uint8Array(256) };
}

const FEW_CATEGORIES = 4;

/**
 * Tries sets of categories of one feature against all others. For a fixed second derivative the best set is a run from one
 * end of the categories sorted by gradient over hessian (Fisher 1958), so the runs from both ends are tried, up to
 * `limits.setSize`, with the missing values in and outside the set. Categories with fewer than `categoryRows` rows in the
 * node stay outside. With more than 4 categories to choose from, a set has to win against `categoryL2` more.
 */
export function scanCategories(
  histogram: Float64Array,
  begin: number,
  bins: number,
  feature: number,
  node: NodeSums,
  limits: SplitLimits,
  best: BestSplit,
  buffers: CategoryBuffers,
): void {
  const count = sortCategories(histogram, begin, bins, limits, buffers);
  const l2 = count > FEW_CATEGORIES ? limits.l2 + limits.categoryL2 : limits.l2;
  const missingSides = histogram[begin + 2]! > 0 ? 2 : 1;
  for (let end = 0; end < 2; end++) {
    for (let side = 0; side < missingSides; side++) {
      scanRun(histogram, begin, feature, node, limits, best, buffers.sorted, count, l2, end === 1, side === 1);
    }
  }
}

function sortCategories(
  histogram: Float64Array,
  begin: number,
  bins: number,
  limits: SplitLimits,
  { ratios, sorted }: CategoryBuffers,
): number {
  let count = 0;
  for (let bin = 1, at = begin + BIN_FIELDS; bin < bins; bin++, at += BIN_FIELDS) {
    if (histogram[at + 2]! < limits.categoryRows) continue;
    ratios[bin] = histogram[at]! / (histogram[at + 1]! + limits.categorySmoothing);
    sorted[count++] = bin;
  }
  sorted.subarray(0, count).sort((a, b) => ratios[a]! - ratios[b]! || a - b);
  return count;
}

function scanRun(
  histogram: Float64Array,
  begin: number,
  feature: number,
  node: NodeSums,
  limits: SplitLimits,
  best: BestSplit,
  sorted: Uint8Array,
  count: number,
  l2: number,
  fromTop: boolean,
  missingLeft: boolean,
): void {
  const parent = leafScore(node.gradient, node.hessian, limits.l2);
  let gradient = missingLeft ? histogram[begin]! : 0;
  let hessian = missingLeft ? histogram[begin + 1]! : 0;
  let rows = missingLeft ? histogram[begin + 2]! : 0;
  const most = Math.min(count, limits.setSize);
  for (let i = 0; i < most; i++) {
    const at = begin + sorted[fromTop ? count - 1 - i : i]! * BIN_FIELDS;
    gradient += histogram[at]!;
    hessian += histogram[at + 1]!;
    rows += histogram[at + 2]!;
    if (rows < limits.leafRows || hessian < limits.leafHessian) continue;
    if (node.rows - rows < limits.leafRows || node.hessian - hessian < limits.leafHessian) break;
    const gain =
      leafScore(gradient, hessian, l2) + leafScore(node.gradient - gradient, node.hessian - hessian, l2) - parent;
    if (!(gain > best.gain)) continue;
    best.feature = feature;
    best.gain = gain;
    best.missingLeft = missingLeft;
    best.lastBin = 0;
    best.setSize = i + 1;
    for (let j = 0; j <= i; j++) best.set[j] = sorted[fromTop ? count - 1 - j : j]!;
    best.leftGradient = gradient;
    best.leftHessian = hessian;
    best.leftRows = rows;
  }
}
