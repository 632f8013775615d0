import { createRandom } from '../../core/random.js';
import { type Candidate, FOREST_LIMITS } from './candidate.js';
import type { Dataset, Task } from './dataset.js';
import { growForest } from './forest/grow-forest.js';
import { indicatorLoss } from './forest/indicator-loss.js';
import type { Link } from './gbdt/answers.js';
import type { BinnedData } from './gbdt/binned-data.js';
import { type Boosted, boost } from './gbdt/boost.js';
import { createLoss, type Loss } from './gbdt/losses.js';
import { modelFeature, type TreeModel } from './gbdt/model.js';
import { fitLinear } from './linear/fit-linear.js';
import { linearScores } from './linear/linear-scores.js';
import type { LinearModel } from './linear/model.js';
import type { Model } from './model.js';
import { DEFAULT_PARAMETERS } from './parameters.js';

/** A dataset made ready once for any number of fits. */
export interface Prepared {
  readonly dataset: Dataset;
  readonly task: Task;
  readonly classes: readonly string[];
  readonly data: BinnedData;
  /** Rows with a weight above 0, ascending. */
  readonly rows: Int32Array;
  /** Weights to learn by: mean 1 over `rows`, those of the classes included. */
  readonly weights: Float64Array;
}

/** What to fit, and to which rows. */
export interface FitInput {
  readonly candidate: Candidate;
  /** Rows to learn from, ascending. */
  readonly rows: Int32Array;
  /** Rows whose scores are wanted, ascending; boosting stops by their loss. Empty: none, and all iterations are done. */
  readonly heldOut: Int32Array;
  readonly seed: number;
  /** Takes the place of the candidate's most iterations (boosting). */
  readonly iterations?: number;
}

/** A fitted model. */
export interface Fit<M extends Model = Model> {
  readonly model: M;
  /** Iterations of boosting, trees of a forest, 1 for a linear model. */
  readonly iterations: number;
  /** Entry output * rows of the dataset + row: raw scores of the rows held out; others are undefined. */
  readonly heldOutScores: Float64Array;
  /** By feature: its share of all falls in loss, or of all absolute weights; sums to 1, or all 0 where nothing was learned. */
  readonly shares: readonly number[];
}

/** Fits one candidate. One core, no files; the same input gives the same model bit for bit. */
export function fitCandidate(prepared: Prepared, input: FitInput): Fit {
  if (input.candidate.family === 'linear') return fitLinearModel(prepared, input);
  return fitTrees(prepared, input);
}

/** `fitCandidate` of a candidate whose model is made of trees. */
export function fitTrees(prepared: Prepared, input: FitInput): Fit<TreeModel> {
  const { candidate } = input;
  const grown = candidate.family === 'boosting' ? fitBoosting(prepared, input) : fitForest(prepared, input);
  const { task, classes, data } = prepared;
  const model: TreeModel = {
    kind: 'trees',
    task,
    classes,
    features: data.encodings.map(modelFeature),
    link: linkOf(task, candidate),
    base: grown.base,
    trees: grown.trees,
  };
  const { iterations, heldOutScores } = grown;
  return { model, iterations, heldOutScores, shares: sharesOf(grown.gains) };
}

function fitBoosting(prepared: Prepared, { candidate, rows, heldOut, seed, iterations }: FitInput): Boosted {
  if (candidate.family !== 'boosting') throw new TypeError('fit: a candidate of another family');
  const { parameters } = candidate;
  const loss = lossOf(prepared, candidate);
  const most = Math.max(1, Math.min(parameters.iterations, Math.floor(parameters.trees / loss.outputs)));
  return boost({
    ...parameters,
    data: prepared.data,
    loss,
    rows,
    heldOut,
    iterations: Math.min(most, iterations ?? most),
    usable: Int32Array.from(candidate.features),
    limits: { ...parameters, leafRows: leafRowsFor(parameters.leafRows, prepared.rows.length) },
    random: createRandom(seed),
  });
}

function fitForest(prepared: Prepared, { candidate, rows, heldOut, seed }: FitInput): Boosted {
  if (candidate.family !== 'forest') throw new TypeError('fit: a candidate of another family');
  return growForest({
    ...candidate.parameters,
    data: prepared.data,
    loss: lossOf(prepared, candidate),
    rows,
    heldOut,
    usable: Int32Array.from(candidate.features),
    limits: { ...FOREST_LIMITS, ...candidate.parameters },
    random: createRandom(seed),
  });
}

function fitLinearModel(prepared: Prepared, { candidate, rows, heldOut }: FitInput): Fit<LinearModel> {
  if (candidate.family !== 'linear') throw new TypeError('fit: a candidate of another family');
  const { dataset, task, classes, weights } = prepared;
  const fitted = fitLinear({
    dataset,
    task,
    loss: lossOf(prepared, candidate),
    weights,
    rows,
    usable: candidate.features,
    l2: candidate.parameters.l2,
    categoryRows: DEFAULT_PARAMETERS.categoryRows,
  });
  const model: LinearModel = { kind: 'linear', task, classes, link: linkOf(task, candidate), ...fitted };
  const heldOutScores = heldOut.length === 0 ? new Float64Array(0) : linearScores(model, dataset);
  return { model, iterations: 1, heldOutScores, shares: sharesOf(weightsByFeature(model)) };
}

/** With few rows in all the fewest rows of a leaf are lowered to one row in 50, but not below 2. */
function leafRowsFor(wanted: number, rows: number): number {
  return Math.min(wanted, Math.max(2, Math.floor(rows / 50)));
}

function lossOf({ dataset, task, classes, weights }: Prepared, { family, logTarget }: Candidate): Loss {
  const target = logTarget ? dataset.target.map(Math.log) : dataset.target;
  const of = { target, weights };
  return family === 'forest' && task !== 'regression'
    ? indicatorLoss(of, classes.length)
    : createLoss(task, classes.length, of);
}

function linkOf(task: Task, { family, logTarget }: Candidate): Link {
  if (task === 'regression') return logTarget ? 'exp' : 'none';
  if (family === 'forest') return 'shares';
  return task === 'binary' ? 'logistic' : 'softmax';
}

function weightsByFeature({ features, weights, base }: LinearModel): number[] {
  const sums = new Float64Array(features.length);
  const outputs = base.length;
  const add = (feature: number, term: number): void => {
    for (let i = 0; i < outputs; i++) sums[feature]! += Math.abs(weights[term * outputs + i]!);
  };
  const numeric = features.flatMap((feature, i) => (feature.type === 'numeric' ? [i] : []));
  numeric.forEach((feature, i) => {
    add(feature, i);
    add(feature, numeric.length + i);
  });
  let term = 2 * numeric.length;
  features.forEach((feature, i) => {
    if (feature.type === 'categorical') for (const _ of feature.categories) add(i, term++);
  });
  return [...sums];
}

function sharesOf(amounts: Iterable<number>): number[] {
  const all = [...amounts];
  const total = all.reduce((sum, amount) => sum + amount, 0);
  return all.map((amount) => (total > 0 ? amount / total : 0));
}
