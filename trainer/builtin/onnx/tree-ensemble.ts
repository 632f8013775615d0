import type { TreeModel } from '../gbdt/model.js';
import type { Tree } from '../gbdt/tree.js';
import { intAttribute, intsAttribute, type Message, operator, tensorAttribute } from './values.js';

/** Values of `nodes_modes` of the operator. */
const MODE = { lessOrEqual: 0, member: 6 } as const;
/** Value of `aggregate_function` of the operator. */
const SUM = 1;

/** The attributes of all trees, node after node and leaf after leaf. */
interface Rows {
  readonly roots: number[];
  readonly modes: number[];
  readonly features: number[];
  readonly splits: number[];
  readonly missingTrue: number[];
  readonly trueNodes: number[];
  readonly trueLeaves: number[];
  readonly falseNodes: number[];
  readonly falseLeaves: number[];
  /** Bins of each set, each set followed by NaN. */
  readonly members: number[];
  readonly leafTargets: number[];
  readonly leafWeights: number[];
}

/** A model without trees still needs one for the operator: a node with two leaves of value 0. */
const NOTHING: Tree = {
  output: 0,
  features: Int32Array.of(0),
  thresholds: Float32Array.of(0),
  sets: [null],
  missingLeft: Uint8Array.of(0),
  left: Int32Array.of(~0),
  right: Int32Array.of(~1),
  leaves: new Float32Array(2),
};

/** The sum of the leaf values as one `TreeEnsemble` operator (ai.onnx.ml version 5): [rows, features] to [rows, outputs]. */
export function treeEnsemble(model: TreeModel, input: string, output: string): Message {
  const rows: Rows = {
    roots: [],
    modes: [],
    features: [],
    splits: [],
    missingTrue: [],
    trueNodes: [],
    trueLeaves: [],
    falseNodes: [],
    falseLeaves: [],
    members: [],
    leafTargets: [],
    leafWeights: [],
  };
  for (const tree of model.trees.length > 0 ? model.trees : [NOTHING]) addTree(rows, tree);
  const attributes = [
    intAttribute('aggregate_function', SUM),
    intAttribute('n_targets', model.base.length),
    intsAttribute('tree_roots', rows.roots),
    tensorAttribute('nodes_modes', Uint8Array.from(rows.modes)),
    intsAttribute('nodes_featureids', rows.features),
    tensorAttribute('nodes_splits', Float32Array.from(rows.splits)),
    intsAttribute('nodes_missing_value_tracks_true', rows.missingTrue),
    intsAttribute('nodes_truenodeids', rows.trueNodes),
    intsAttribute('nodes_trueleafs', rows.trueLeaves),
    intsAttribute('nodes_falsenodeids', rows.falseNodes),
    intsAttribute('nodes_falseleafs', rows.falseLeaves),
    intsAttribute('leaf_targetids', rows.leafTargets),
    tensorAttribute('leaf_weights', Float32Array.from(rows.leafWeights)),
  ];
  if (rows.members.length > 0) attributes.push(tensorAttribute('membership_values', Float32Array.from(rows.members)));
  return operator('TreeEnsemble', 'ai.onnx.ml', [input], [output], attributes);
}

function addTree(rows: Rows, tree: Tree): void {
  const firstNode = rows.modes.length;
  const firstLeaf = rows.leafTargets.length;
  rows.roots.push(firstNode);
  for (let node = 0; node < tree.features.length; node++) {
    const set = tree.sets[node]!;
    rows.modes.push(set === null ? MODE.lessOrEqual : MODE.member);
    rows.features.push(tree.features[node]!);
    rows.splits.push(set === null ? tree.thresholds[node]! : 0);
    if (set !== null) rows.members.push(...set, Number.NaN);
    rows.missingTrue.push(tree.missingLeft[node]!);
    addChild(tree.left[node]!, firstNode, firstLeaf, rows.trueNodes, rows.trueLeaves);
    addChild(tree.right[node]!, firstNode, firstLeaf, rows.falseNodes, rows.falseLeaves);
  }
  for (const value of tree.leaves) {
    rows.leafTargets.push(tree.output);
    rows.leafWeights.push(value);
  }
}

function addChild(child: number, firstNode: number, firstLeaf: number, ids: number[], isLeaf: number[]): void {
  ids.push(child >= 0 ? firstNode + child : firstLeaf + ~child);
  isLeaf.push(child >= 0 ? 0 : 1);
}
