import type { Column } from './dataset.js';
import { answersFromScores } from './gbdt/answers.js';
import { treeScores } from './gbdt/tree-scores.js';
import { linearScores } from './linear/linear-scores.js';
import type { Model } from './model.js';

/**
 * The model's answers for every row: the value, or the probability of each class (entry row * classes + class).
 * @throws RangeError  a feature of the model has no column, or one of the other type
 */
export function predict(model: Model, dataset: { rows: number; columns: readonly Column[] }): Float64Array {
  const scores = model.kind === 'trees' ? treeScores(model, dataset) : linearScores(model, dataset);
  return answersFromScores(scores, dataset.rows, model.link, model.classes.length);
}
