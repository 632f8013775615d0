import { assertDataset, type Dataset, type Task } from './dataset.js';
import type { Prepared } from './fit-candidate.js';
import { binDataset } from './gbdt/binned-data.js';
import { DEFAULT_PARAMETERS } from './parameters.js';
import { weightedRows } from './row-groups.js';

/** What a model is to be trained on. */
export interface Subject {
  readonly dataset: Dataset;
  readonly task: Task;
  /** Class names in index order: two for binary, two or more for multiclass, none for regression. */
  readonly classes: readonly string[];
  /** balanced: every class weighs the same in all, so that rare ones are learned as well; none when left out. */
  readonly classWeights?: 'none' | 'balanced';
}

/**
 * Checks a dataset, bins its features and scales its weights.
 * @param categoryRows  fewest rows of a category that the model is to know
 * @throws RangeError  the dataset or the classes are not usable; the message says which and why
 */
export function prepare(subject: Subject, categoryRows = DEFAULT_PARAMETERS.categoryRows): Prepared {
  const { dataset, task, classes } = subject;
  assertClasses(task, classes);
  assertDataset(dataset, classes.length);
  const rows = weightedRows(dataset);
  const weights = subject.classWeights === 'balanced' ? balanced(dataset, rows, classes.length) : dataset.weights;
  const data = binDataset(dataset, rows, categoryRows);
  return { dataset, task, classes, data, rows, weights: scaled(weights, rows) };
}

function assertClasses(task: Task, classes: readonly string[]): void {
  const wanted = task === 'regression' ? 'none' : task === 'binary' ? 'exactly 2' : 'at least 2';
  const fits =
    task === 'regression'
      ? classes.length === 0
      : classes.length === 2 || (task === 'multiclass' && classes.length > 2);
  if (!fits) throw new RangeError(`train: task ${task} got ${classes.length} classes, needs ${wanted}`);
  if (new Set(classes).size < classes.length)
    throw new RangeError(`train: classes ${classes.join(', ')} are not distinct`);
}

function balanced({ target, weights }: Dataset, rows: Int32Array, classCount: number): Float64Array {
  const totals = new Float64Array(Math.max(1, classCount));
  if (classCount === 0) return weights;
  for (const row of rows) totals[target[row]!]! += weights[row]!;
  return weights.map((weight, row) => (weight > 0 ? weight / totals[target[row]!]! : 0));
}

/** Weights divided by their mean, so that the limits on leaves mean the same whatever unit the weights are in. */
function scaled(weights: Float64Array, rows: Int32Array): Float64Array {
  let sum = 0;
  for (const row of rows) sum += weights[row]!;
  return weights.map((weight) => (weight * rows.length) / sum);
}
