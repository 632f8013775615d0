import type { Column, Dataset, Task } from '../dataset.js';
import type { Loss } from '../gbdt/losses.js';
import { minimise } from './minimise.js';
import { type LinearFeature, termCount } from './model.js';
import { addTerms, readTerms, type Terms } from './terms.js';

/** What a linear model is fitted to. */
export interface LinearInput {
  readonly dataset: Pick<Dataset, 'rows' | 'columns'>;
  readonly task: Task;
  /** Gives values and gradients of the loss; see `Loss`. */
  readonly loss: Loss;
  /** Weight of each row in the loss. */
  readonly weights: Float64Array;
  /** Rows to learn from, ascending. */
  readonly rows: Int32Array;
  /** Features that may have a weight. */
  readonly usable: readonly number[];
  /** Weight of half the squared weights, against the sum of the loss over rows. */
  readonly l2: number;
  /** Fewest rows a category needs to have a weight of its own. */
  readonly categoryRows: number;
}

/** A fitted linear model without its names. */
export interface LinearFit {
  readonly features: readonly LinearFeature[];
  readonly weights: Float32Array;
  readonly base: Float32Array;
}

const LIMITS = { iterations: 300, tolerance: 1e-6 };

/**
 * Fits ridge regression, or (multinomial) logistic regression with an L2 penalty, on standardised features; the base is not
 * penalised.
 */
export function fitLinear(input: LinearInput): LinearFit {
  const { dataset, loss, rows, usable, l2 } = input;
  const features = dataset.columns.map((column) => fitFeature(column, rows, input.categoryRows));
  const terms = readTerms(features, dataset);
  const count = termCount(features);
  const free = freeTerms(features, usable);
  const base = loss.base(rows);
  // Squared loss is in the square of the target's unit: the variables are the weights in units of its spread.
  const unit = input.task === 'regression' ? spread(loss, base, rows, dataset.rows) : 1;
  const weight = rows.reduce((sum, row) => sum + input.weights[row]!, 0);
  const solve = objectiveOf({ terms, loss, rows, weight, base, unit, l2, free, count });
  const found = minimise(solve, (count + 1) * loss.outputs, LIMITS).map((entry) => entry * unit);
  return {
    features,
    weights: Float32Array.from(found.subarray(0, count * loss.outputs)),
    base: Float32Array.from(base, (entry, i) => entry + found[count * loss.outputs + i]!),
  };
}

/** Mean and spread are taken from the rows learned from; a constant feature keeps a scale of 1. */
function fitFeature(column: Column, rows: Int32Array, categoryRows: number): LinearFeature {
  const { name } = column;
  if (column.type === 'categorical') {
    const counts = new Array<number>(column.categories.length).fill(0);
    for (const row of rows) if (column.codes[row]! >= 0) counts[column.codes[row]!]!++;
    const known = column.categories.filter((category, i) => category !== '' && counts[i]! >= categoryRows);
    return { name, type: 'categorical', categories: known.length > 0 ? known : [''] };
  }
  const present = Array.from(rows, (row) => column.values[row]!).filter(Number.isFinite);
  const mean = present.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length);
  const variance = present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, present.length);
  const scale = Math.fround(1 / Math.sqrt(variance));
  return { name, type: 'numeric', mean: Math.fround(mean), scale: Number.isFinite(scale) ? scale : 1 };
}

/** By term: 1 where its feature may have a weight. */
function freeTerms(features: readonly LinearFeature[], usable: readonly number[]): Uint8Array {
  const numeric = features.flatMap(({ type }, i) => (type === 'numeric' ? [usable.includes(i) ? 1 : 0] : []));
  const flags = features.flatMap((feature, i) =>
    feature.type === 'numeric' ? [] : feature.categories.map(() => (usable.includes(i) ? 1 : 0)),
  );
  return Uint8Array.of(...numeric, ...numeric, ...flags);
}

function spread(loss: Loss, base: Float64Array, rows: Int32Array, size: number): number {
  const scores = new Float64Array(size).fill(base[0]!);
  return Math.sqrt(2 * loss.mean(scores, rows)) || 1;
}

function objectiveOf(options: {
  terms: Terms;
  loss: Loss;
  rows: Int32Array;
  /** Sum of the weights of the rows. */
  weight: number;
  base: Float64Array;
  unit: number;
  l2: number;
  free: Uint8Array;
  count: number;
}): (at: Float64Array, gradient: Float64Array) => number {
  const { terms, loss, rows, weight, base, unit, l2, free, count } = options;
  const { outputs } = loss;
  const scores = new Float64Array(outputs * terms.rows);
  const gradients = new Float64Array(outputs * terms.rows);
  const hessians = new Float64Array(outputs * terms.rows);
  const ofRow = new Float64Array(outputs);
  const penalty = l2 / weight;
  return (at, gradient) => {
    for (const row of rows) {
      ofRow.fill(0);
      addTerms(terms, row, at, ofRow);
      for (let output = 0; output < outputs; output++) {
        const bias = at[count * outputs + output]!;
        scores[output * terms.rows + row] = base[output]! + unit * (ofRow[output]! + bias);
      }
    }
    loss.gradients(scores, rows, gradients, hessians);
    gradient.fill(0);
    const factor = 1 / (weight * unit);
    for (const row of rows) {
      for (let output = 0; output < outputs; output++) {
        ofRow[output] = gradients[output * terms.rows + row]! * factor;
        gradient[count * outputs + output]! += ofRow[output]!;
      }
      spreadTerms(terms, row, ofRow, gradient);
    }
    let squares = 0;
    for (let i = 0; i < count * outputs; i++) {
      squares += at[i]! * at[i]!;
      gradient[i] = free[Math.floor(i / outputs)] === 1 ? gradient[i]! + penalty * at[i]! : 0;
    }
    return loss.mean(scores, rows) / (unit * unit) + (penalty * squares) / 2;
  };
}

/** The transpose of `addTerms`: adds `ofRow` to the entries of every term that is set in the row. */
function spreadTerms(terms: Terms, row: number, ofRow: Float64Array, gradient: Float64Array): void {
  const outputs = ofRow.length;
  const numeric = terms.values.length;
  const add = (term: number, factor: number): void => {
    for (let output = 0; output < outputs; output++) gradient[term * outputs + output]! += factor * ofRow[output]!;
  };
  for (let i = 0; i < numeric; i++) {
    if (terms.missing[i]?.[row] === 1) add(numeric + i, 1);
    else add(i, terms.values[i]![row]!);
  }
  for (const flag of terms.flags) if (flag[row]! >= 0) add(flag[row]!, 1);
}
