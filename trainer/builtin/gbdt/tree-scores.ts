import type { Column } from '../dataset.js';
import { categoryBins } from './binned-data.js';
import { MISSING_BIN } from './encoding.js';
import type { TreeModel } from './model.js';
import type { Tree } from './tree.js';

/**
 * The raw scores of every row (entry output * rows + row). Columns are found by name; categories are compared as text, so one
 * the model does not know counts as missing. Numeric values are rounded to float32, as the exported model sees them.
 * @throws RangeError  a feature of the model has no column, or one of the other type
 */
export function treeScores(model: TreeModel, dataset: { rows: number; columns: readonly Column[] }): Float64Array {
  const inputs = model.features.map((feature) => readFeature(feature, dataset.columns));
  const scores = new Float64Array(dataset.rows * model.base.length);
  for (let row = 0; row < dataset.rows; row++) {
    model.base.forEach((score, output) => {
      scores[output * dataset.rows + row] = score;
    });
    for (const tree of model.trees) scores[tree.output * dataset.rows + row]! += leafValue(tree, inputs, row);
  }
  return scores;
}

/** By row: the float32 value, NaN where missing; or the bin of the category, `MISSING_BIN` where missing or unknown. */
type Input = Float32Array | Uint8Array;

function readFeature(feature: TreeModel['features'][number], columns: readonly Column[]): Input {
  const column = columns.find(({ name }) => name === feature.name);
  if (column?.type === 'numeric' && feature.type === 'numeric') return Float32Array.from(column.values);
  if (column?.type === 'categorical' && feature.type === 'categorical') {
    const binOfCode = categoryBins(column, feature.categories);
    return Uint8Array.from(column.codes, (code) => (code < 0 ? MISSING_BIN : binOfCode[code]!));
  }
  throw new RangeError(
    `predict: feature "${feature.name}" needs a ${feature.type} column, the dataset has ${column?.type ?? 'none'}`,
  );
}

function leafValue(tree: Tree, inputs: readonly Input[], row: number): number {
  if (tree.features.length === 0) return tree.leaves[0]!;
  let node = 0;
  while (node >= 0) {
    const value = inputs[tree.features[node]!]![row]!;
    node = goesLeft(tree, node, value) ? tree.left[node]! : tree.right[node]!;
  }
  return tree.leaves[~node]!;
}

function goesLeft(tree: Tree, node: number, value: number): boolean {
  const set = tree.sets[node]!;
  if (set === null) return Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.thresholds[node]!;
  return value === MISSING_BIN ? tree.missingLeft[node] === 1 : set.includes(value);
}
