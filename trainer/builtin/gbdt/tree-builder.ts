import type { FeatureEncoding } from './encoding.js';
import { type BestSplit, fillGoesLeft } from './split.js';
import type { Tree } from './tree.js';

/** A tree under construction: leaves are numbered in the order they appear, and a split turns a leaf into a node. */
export interface TreeBuilder {
  /** Makes the leaf a node; its left child keeps the leaf's number, and the right child's number is returned. */
  split(leaf: number, split: BestSplit): number;
  /** Flags by bin of the last node made, see `fillGoesLeft`. */
  lastGoesLeft(): Uint8Array;
  /** Flags by node and bin: 256 a node. Overwritten when the next tree is begun. */
  readonly goesLeft: Uint8Array;
  /** The tree, with the leaf values given. */
  finish(output: number, leaves: Float32Array): Tree;
}

/** Begins a tree of at most `goesLeft.length / 256` nodes. */
export function beginTree(encodings: readonly FeatureEncoding[], goesLeft: Uint8Array): TreeBuilder {
  const features: number[] = [];
  const thresholds: number[] = [];
  const sets: (Uint8Array | null)[] = [];
  const missingLeft: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  /** By leaf: the node it hangs under, as `node * 2 + (right ? 1 : 0)`; -1 for the root. */
  const parents = [-1];
  const lastGoesLeft = (): Uint8Array => goesLeft.subarray((features.length - 1) << 8, features.length << 8);
  return {
    goesLeft,
    lastGoesLeft,
    split(leaf, split) {
      const node = features.length;
      const parent = parents[leaf]!;
      if (parent >= 0) (parent & 1 ? right : left)[parent >> 1] = node;
      features.push(split.feature);
      thresholds.push(thresholdOf(split, encodings[split.feature]!));
      sets.push(split.setSize > 0 ? split.set.slice(0, split.setSize).sort() : null);
      missingLeft.push(split.missingLeft ? 1 : 0);
      left.push(~leaf);
      right.push(~parents.length);
      parents[leaf] = node * 2;
      parents.push(node * 2 + 1);
      fillGoesLeft(split, lastGoesLeft());
      return parents.length - 1;
    },
    finish: (output, leaves) => ({
      output,
      features: Int32Array.from(features),
      thresholds: Float32Array.from(thresholds),
      sets,
      missingLeft: Uint8Array.from(missingLeft),
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      leaves,
    }),
  };
}

function thresholdOf(split: BestSplit, encoding: FeatureEncoding): number {
  if (encoding.type === 'categorical') return Number.NaN;
  return encoding.edges[split.lastBin - 1] ?? Infinity;
}
