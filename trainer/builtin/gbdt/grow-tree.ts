import type { BinnedData } from './binned-data.js';
import { type CategoryBuffers, createCategoryBuffers, scanCategories } from './category-split.js';
import { BIN_FIELDS, createHistogram, fillHistogram, type GatherBuffers, subtractHistogram } from './histogram.js';
import { scanNumeric } from './numeric-split.js';
import { partitionRows } from './partition-rows.js';
import { type RandomSource, sampleFeatures } from './sampling.js';
import { type BestSplit, createBestSplit, type NodeSums, type SplitLimits } from './split.js';
import type { Tree } from './tree.js';
import { beginTree, type TreeBuilder } from './tree-builder.js';

/** What one tree is grown from. */
export interface GrowInput {
  /** The first `count` rows are grown on; they are reordered so that each leaf's rows lie together. */
  readonly order: Int32Array;
  readonly count: number;
  /** Derivatives of the loss by row, for the output the tree adds to. */
  readonly gradients: Float64Array;
  readonly hessians: Float64Array;
  /** Features that may be tested, ascending. */
  readonly features: Int32Array;
  readonly output: number;
}

/** A grown tree, and what the training loop needs beside it. */
export interface GrownTree {
  readonly tree: Tree;
  /** Flags by node and bin (256 a node), valid until the next tree is grown. */
  readonly goesLeft: Uint8Array;
  /** Rows of leaf i are at positions begins[i] to ends[i] - 1 of the order. */
  readonly begins: Int32Array;
  readonly ends: Int32Array;
  /** By node: fall of the loss. */
  readonly gains: readonly number[];
}

/** What a grower keeps from tree to tree so that nothing large is allocated in between. */
interface Workspace {
  readonly histograms: readonly Float64Array[];
  readonly splits: readonly BestSplit[];
  readonly gather: GatherBuffers;
  readonly scratch: Int32Array;
  readonly goesLeft: Uint8Array;
  readonly categories: CategoryBuffers;
  readonly nodeFeatures?: NodeFeatures;
}

interface Leaf extends NodeSums {
  readonly begin: number;
  readonly end: number;
}

/** Limits of a tree and of its splits. */
export interface GrowLimits extends SplitLimits {
  readonly leaves: number;
  readonly learningRate: number;
}

/** Lets each node choose from a sample of the features only. */
export interface NodeFeatures {
  /** In (0, 1]; at least one feature. */
  readonly share: number;
  readonly random: RandomSource;
}

/**
 * Grows trees leaf by leaf, always splitting the leaf with the largest gain, until no split gains or all leaves are used.
 * @param nodeFeatures  each node chooses from all features of its tree when left out
 */
export function createTreeGrower(
  data: BinnedData,
  limits: GrowLimits,
  nodeFeatures?: NodeFeatures,
): (input: GrowInput) => GrownTree {
  const rows = data.bins[0]!.length;
  const workspace: Workspace = {
    histograms: Array.from({ length: limits.leaves }, () => createHistogram(data)),
    splits: Array.from({ length: limits.leaves }, createBestSplit),
    gather: { gradients: new Float64Array(rows), hessians: new Float64Array(rows) },
    scratch: new Int32Array(rows),
    goesLeft: new Uint8Array((limits.leaves - 1) * 256),
    categories: createCategoryBuffers(),
    ...(nodeFeatures && { nodeFeatures }),
  };
  return (input) => growTree(data, limits, workspace, input);
}

function growTree(data: BinnedData, limits: GrowLimits, workspace: Workspace, input: GrowInput): GrownTree {
  const builder = beginTree(data.encodings, workspace.goesLeft);
  const gains: number[] = [];
  const root = workspace.histograms[0]!;
  fillHistogram(root, data, input.features, { ...input, begin: 0, end: input.count }, workspace.gather);
  const leaves = [rootLeaf(data, root, input)];
  findSplit(data, limits, workspace, input.features, leaves, 0);
  while (leaves.length < limits.leaves) {
    const chosen = largestGain(workspace.splits, leaves.length);
    if (chosen < 0) break;
    gains.push(workspace.splits[chosen]!.gain);
    splitLeaf(data, workspace, input, builder, leaves, chosen);
    // The last leaves are never split, so their best splits need not be known.
    if (leaves.length === limits.leaves) break;
    fillChildren(data, limits, workspace, input, leaves, chosen);
    findSplit(data, limits, workspace, input.features, leaves, chosen);
    findSplit(data, limits, workspace, input.features, leaves, leaves.length - 1);
  }
  const values =
    leaves.length === 1
      ? new Float32Array(1)
      : Float32Array.from(leaves, (leaf) => (-limits.learningRate * leaf.gradient) / (leaf.hessian + limits.l2));
  return {
    tree: builder.finish(input.output, values),
    goesLeft: builder.goesLeft,
    begins: Int32Array.from(leaves, (leaf) => leaf.begin),
    ends: Int32Array.from(leaves, (leaf) => leaf.end),
    gains,
  };
}

/** Every row is in one bin of every feature, so the bins of any one feature add up to the sums of the node. */
function rootLeaf(data: BinnedData, histogram: Float64Array, { count, features }: GrowInput): Leaf {
  let gradient = 0;
  let hessian = 0;
  const end = data.offsets[features[0]! + 1]! * BIN_FIELDS;
  for (let at = data.offsets[features[0]!]! * BIN_FIELDS; at < end; at += BIN_FIELDS) {
    gradient += histogram[at]!;
    hessian += histogram[at + 1]!;
  }
  return { begin: 0, end: count, rows: count, gradient, hessian };
}

function largestGain(splits: readonly BestSplit[], leaves: number): number {
  let chosen = -1;
  let gain = 0;
  for (let leaf = 0; leaf < leaves; leaf++) {
    if (splits[leaf]!.gain > gain) {
      gain = splits[leaf]!.gain;
      chosen = leaf;
    }
  }
  return chosen;
}

/** Replaces leaf `chosen` by its left child and appends its right child. */
function splitLeaf(
  data: BinnedData,
  workspace: Workspace,
  input: GrowInput,
  builder: TreeBuilder,
  leaves: Leaf[],
  chosen: number,
): void {
  const split = workspace.splits[chosen]!;
  const leaf = leaves[chosen]!;
  builder.split(chosen, split);
  const bins = data.bins[split.feature]!;
  const middle = partitionRows(input.order, leaf.begin, leaf.end, bins, builder.lastGoesLeft(), workspace.scratch);
  leaves[chosen] = {
    begin: leaf.begin,
    end: middle,
    rows: split.leftRows,
    gradient: split.leftGradient,
    hessian: split.leftHessian,
  };
  leaves.push({
    begin: middle,
    end: leaf.end,
    rows: leaf.rows - split.leftRows,
    gradient: leaf.gradient - split.leftGradient,
    hessian: leaf.hessian - split.leftHessian,
  });
}

/**
 * Sums the smaller child's rows; the larger child's histogram is the parent's less that one. Where both are too small to be
 * split, their histograms stay undefined: `findSplit` does not read them.
 */
function fillChildren(
  data: BinnedData,
  limits: GrowLimits,
  workspace: Workspace,
  input: GrowInput,
  leaves: readonly Leaf[],
  chosen: number,
): void {
  const added = leaves.length - 1;
  const histograms = workspace.histograms as Float64Array[];
  if (Math.max(leaves[chosen]!.rows, leaves[added]!.rows) < 2 * limits.leafRows) return;
  const leftIsSmaller = leaves[chosen]!.rows <= leaves[added]!.rows;
  const smaller = leaves[leftIsSmaller ? chosen : added]!;
  const node = { ...input, begin: smaller.begin, end: smaller.end };
  fillHistogram(histograms[added]!, data, input.features, node, workspace.gather);
  subtractHistogram(histograms[chosen]!, histograms[added]!, data, input.features);
  if (leftIsSmaller) {
    const larger = histograms[chosen]!;
    histograms[chosen] = histograms[added]!;
    histograms[added] = larger;
  }
}

function findSplit(
  data: BinnedData,
  limits: GrowLimits,
  workspace: Workspace,
  features: Int32Array,
  leaves: readonly Leaf[],
  leaf: number,
): void {
  const node = leaves[leaf]!;
  const best = workspace.splits[leaf]!;
  best.gain = 0;
  if (node.rows < 2 * limits.leafRows) return;
  const histogram = workspace.histograms[leaf]!;
  for (const feature of chooseFeatures(workspace.nodeFeatures, features)) {
    const begin = data.offsets[feature]! * BIN_FIELDS;
    const bins = data.offsets[feature + 1]! - data.offsets[feature]!;
    if (data.encodings[feature]!.type === 'numeric') scanNumeric(histogram, begin, bins, feature, node, limits, best);
    else scanCategories(histogram, begin, bins, feature, node, limits, best, workspace.categories);
  }
}

function chooseFeatures(of: NodeFeatures | undefined, features: Int32Array): Int32Array {
  if (!of || of.share >= 1) return features;
  return sampleFeatures(features.length, of.share, of.random).map((i) => features[i]!);
}
