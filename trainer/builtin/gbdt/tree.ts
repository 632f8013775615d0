/**
 * One grown tree. Node 0 is the root; a child is a node where >= 0, else leaf `~child`. A value goes left at a numeric node if
 * it is <= the threshold, at a categorical node if its bin is in the node's set, and where it is missing as `missingLeft` says.
 * A tree without nodes has one leaf of value 0.
 */
export interface Tree {
  /** The raw score the leaf values add to. */
  readonly output: number;
  /** By node: index of the feature tested. */
  readonly features: Int32Array;
  /** By node, numeric only (else NaN): float32, Infinity for "any value present". */
  readonly thresholds: Float32Array;
  /** By node, categorical only (else null): bins of the categories in the set, ascending. */
  readonly sets: readonly (Uint8Array | null)[];
  /** By node: 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** By leaf: float32, learning rate included. */
  readonly leaves: Float32Array;
}

/** Index of the leaf that a binned row ends in, by tables of 256 flags a node (see `fillGoesLeft`). */
export function leafOfBinnedRow(tree: Tree, goesLeft: Uint8Array, bins: readonly Uint8Array[], row: number): number {
  if (tree.features.length === 0) return 0;
  let node = 0;
  while (node >= 0) {
    const bin = bins[tree.features[node]!]![row]!;
    node = goesLeft[(node << 8) | bin] === 1 ? tree.left[node]! : tree.right[node]!;
  }
  return ~node;
}
