import type { Column } from '../dataset.js';
import type { LinearModel } from './model.js';
import { addTerms, readTerms } from './terms.js';

/**
 * The raw scores of every row (entry output * rows + row).
 * @throws RangeError  a feature of the model has no column, or one of the other type
 */
export function linearScores(model: LinearModel, dataset: { rows: number; columns: readonly Column[] }): Float64Array {
  const terms = readTerms(model.features, dataset);
  const outputs = model.base.length;
  const scores = new Float64Array(dataset.rows * outputs);
  const ofRow = new Float64Array(outputs);
  for (let row = 0; row < dataset.rows; row++) {
    ofRow.set(model.base);
    addTerms(terms, row, model.weights, ofRow);
    for (let output = 0; output < outputs; output++) scores[output * dataset.rows + row] = ofRow[output]!;
  }
  return scores;
}
