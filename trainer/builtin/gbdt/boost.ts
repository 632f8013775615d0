import type { BinnedData } from './binned-data.js';
import { createTreeGrower, type GrowLimits, type GrownTree } from './grow-tree.js';
import type { Loss } from './losses.js';
import { type RandomSource, sampleFeatures, sampleRows } from './sampling.js';
import { leafOfBinnedRow, type Tree } from './tree.js';

/** One run of gradient boosting. */
export interface BoostInput {
  readonly data: BinnedData;
  readonly loss: Loss;
  /** Rows to learn from, ascending. */
  readonly rows: Int32Array;
  /** Rows whose loss decides when to stop; empty to do all iterations. */
  readonly heldOut: Int32Array;
  readonly iterations: number;
  readonly patience: number;
  readonly rowShare: number;
  readonly columnShare: number;
  /** Features that may be tested, ascending. */
  readonly usable: Int32Array;
  readonly limits: GrowLimits;
  readonly random: RandomSource;
}

/** What a run of gradient boosting gives. */
export interface Boosted {
  /** Constant raw score an output starts from, float32 values. */
  readonly base: Float32Array;
  /** Trees of the best iteration and those before it, iteration by iteration; trees without a split are left out. */
  readonly trees: Tree[];
  /** Iterations kept: those with the least held-out loss (at least 1), or all that were done. */
  readonly iterations: number;
  /** By output * rows of the dataset + row: raw scores of the rows held out after the best iteration; other rows undefined. */
  readonly heldOutScores: Float64Array;
  /** By feature: sum of the falls in loss of its splits in `trees`. */
  readonly gains: Float64Array;
}

/** State of a run that every iteration changes. */
interface Run {
  readonly scores: Float64Array;
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  /** Sampled rows first, then the other rows, then the rows held out. */
  readonly order: Int32Array;
  readonly trees: { tree: Tree; gains: readonly number[]; iteration: number }[];
}

/** Boosts trees on the loss (Friedman 2001), each iteration on a sample of rows, each tree on a sample of features. */
export function boost(input: BoostInput): Boosted {
  const { data, loss, rows, heldOut } = input;
  const size = data.bins[0]!.length;
  const base = Float32Array.from(loss.base(rows));
  const run: Run = {
    scores: new Float64Array(loss.outputs * size),
    gradients: new Float64Array(loss.outputs * size),
    hessians: new Float64Array(loss.outputs * size),
    order: new Int32Array(rows.length + heldOut.length),
    trees: [],
  };
  base.forEach((score, output) => {
    run.scores.fill(score, output * size, (output + 1) * size);
  });
  const grow = createTreeGrower(data, input.limits);
  const best = { iterations: input.iterations, loss: Infinity, scores: new Float64Array(run.scores.length) };
  for (let iteration = 1; iteration <= input.iterations; iteration++) {
    boostOnce(input, run, grow, size, iteration);
    if (heldOut.length === 0) continue;
    const heldOutLoss = loss.mean(run.scores, heldOut);
    if (heldOutLoss < best.loss) {
      best.iterations = iteration;
      best.loss = heldOutLoss;
      best.scores.set(run.scores);
    } else if (iteration - best.iterations >= input.patience) break;
  }
  const kept = run.trees.filter((grown) => grown.iteration <= best.iterations);
  return {
    base,
    trees: kept.map((grown) => grown.tree),
    iterations: best.iterations,
    heldOutScores: best.scores,
    gains: sumGains(kept, data.encodings.length),
  };
}

function boostOnce(
  { data, loss, rows, heldOut, rowShare, columnShare, usable, random }: BoostInput,
  run: Run,
  grow: ReturnType<typeof createTreeGrower>,
  size: number,
  iteration: number,
): void {
  loss.gradients(run.scores, rows, run.gradients, run.hessians);
  const count = sampleRows(rows, rowShare, random, run.order);
  run.order.set(heldOut, rows.length);
  for (let output = 0; output < loss.outputs; output++) {
    const from = output * size;
    const grown = grow({
      order: run.order,
      count,
      gradients: run.gradients.subarray(from, from + size),
      hessians: run.hessians.subarray(from, from + size),
      features: sampleFeatures(usable.length, columnShare, random).map((i) => usable[i]!),
      output,
    });
    if (grown.gains.length === 0) continue;
    addLeafValues(grown, data.bins, run.order, count, run.scores.subarray(from, from + size));
    run.trees.push({ tree: grown.tree, gains: grown.gains, iteration });
  }
}

/**
 * Adds the tree to the scores of every row in `order`: of the first `count`, on which it was grown, leaf by leaf, and of the
 * others from the root.
 */
export function addLeafValues(
  grown: GrownTree,
  bins: readonly Uint8Array[],
  order: Int32Array,
  count: number,
  scores: Float64Array,
): void {
  const { leaves } = grown.tree;
  for (let leaf = 0; count > 0 && leaf < leaves.length; leaf++) {
    const value = leaves[leaf]!;
    for (let i = grown.begins[leaf]!; i < grown.ends[leaf]!; i++) scores[order[i]!]! += value;
  }
  for (let i = count; i < order.length; i++) {
    const row = order[i]!;
    scores[row]! += leaves[leafOfBinnedRow(grown.tree, grown.goesLeft, bins, row)]!;
  }
}

/** By feature: sum of the falls in loss of its splits. */
export function sumGains(trees: readonly { tree: Tree; gains: readonly number[] }[], features: number): Float64Array {
  const gains = new Float64Array(features);
  for (const { tree, gains: byNode } of trees) {
    byNode.forEach((gain, node) => {
      gains[tree.features[node]!]! += gain;
    });
  }
  return gains;
}
