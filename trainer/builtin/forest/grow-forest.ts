import type { BinnedData } from '../gbdt/binned-data.js';
import { addLeafValues, type Boosted, sumGains } from '../gbdt/boost.js';
import { createTreeGrower, type GrowLimits } from '../gbdt/grow-tree.js';
import type { Loss } from '../gbdt/losses.js';
import { type RandomSource, sampleRows } from '../gbdt/sampling.js';
import type { Tree } from '../gbdt/tree.js';

/** What a forest is grown from. */
export interface ForestInput {
  readonly data: BinnedData;
  /** Squared loss of each output: of the value, or of a 0/1 indicator a class. */
  readonly loss: Loss;
  /** Rows to learn from, ascending. */
  readonly rows: Int32Array;
  /** Rows whose scores are wanted; may be empty. */
  readonly heldOut: Int32Array;
  readonly trees: number;
  /** Share of the rows each tree is grown on, drawn without repetition. */
  readonly rowShare: number;
  /** Share of the features each node may choose from. */
  readonly nodeShare: number;
  /** Features that may be tested, ascending. */
  readonly usable: Int32Array;
  readonly limits: Omit<GrowLimits, 'learningRate'>;
  readonly random: RandomSource;
}

/**
 * Bags trees (Breiman 2001): each is grown on a sample of rows, each node on a sample of features, and the answers are averaged.
 * Trees are grown on the constant `base`, not on one another; a leaf's deviation from it is shrunk by `limits.l2`. Several
 * outputs have trees of their own, grown on the same sample.
 */
export function growForest(input: ForestInput): Boosted {
  const { data, loss, rows, heldOut, trees: count, random, usable } = input;
  const size = data.bins[0]!.length;
  const base = Float32Array.from(loss.base(rows));
  const constant = new Float64Array(loss.outputs * size);
  base.forEach((score, output) => {
    constant.fill(score, output * size, (output + 1) * size);
  });
  const gradients = new Float64Array(constant.length);
  const hessians = new Float64Array(constant.length);
  loss.gradients(constant, rows, gradients, hessians);
  const nodeFeatures = { share: input.nodeShare, random };
  const grow = createTreeGrower(data, { ...input.limits, learningRate: 1 / count }, nodeFeatures);
  const scores = constant.slice();
  const order = new Int32Array(rows.length);
  const grownTrees: { tree: Tree; gains: readonly number[] }[] = [];
  for (let i = 0; i < count; i++) {
    const sampled = sampleRows(rows, input.rowShare, random, order);
    for (let output = 0; output < loss.outputs; output++) {
      const from = output * size;
      const grown = grow({
        order: order.subarray(0, sampled),
        count: sampled,
        gradients: gradients.subarray(from, from + size),
        hessians: hessians.subarray(from, from + size),
        features: usable,
        output,
      });
      if (grown.gains.length === 0) continue;
      addLeafValues(grown, data.bins, heldOut, 0, scores.subarray(from, from + size));
      grownTrees.push({ tree: grown.tree, gains: grown.gains });
    }
  }
  return {
    base,
    trees: grownTrees.map(({ tree }) => tree),
    iterations: count,
    heldOutScores: scores,
    gains: sumGains(grownTrees, data.encodings.length),
  };
}
