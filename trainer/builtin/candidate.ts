import type { Dataset, Task } from './dataset.js';
import type { Family } from './model.js';
import { DEFAULT_PARAMETERS, type Parameters, resolveParameters } from './parameters.js';

/** How bagged trees are grown. */
export interface ForestParameters {
  readonly trees: number;
  /** Most leaves a tree. */
  readonly leaves: number;
  readonly leafRows: number;
  /** Share of the rows each tree is grown on, in (0, 1]. */
  readonly rowShare: number;
  /** Share of the features each node may choose from, in (0, 1]. */
  readonly nodeShare: number;
  /** Shrinks a leaf towards the mean of all rows, as so many rows of that mean would. */
  readonly l2: number;
}

/** What a linear model is fitted by. */
export interface LinearParameters {
  /** Weight of half the squared weights (of standardised features) against the loss summed over the rows. */
  readonly l2: number;
}

interface Common {
  /** Regression of values above 0: the logarithm is learned. */
  readonly logTarget: boolean;
  /** Indices of the features that are used, ascending; the others stay inputs of the model, without effect. */
  readonly features: readonly number[];
}

/** One way to train a model: a family and all that it is told. */
export type Candidate =
  | (Common & { readonly family: 'boosting'; readonly parameters: Parameters })
  | (Common & { readonly family: 'forest'; readonly parameters: ForestParameters })
  | (Common & { readonly family: 'linear'; readonly parameters: LinearParameters });

const FOREST_TREES = 100;
/** Leaves of all trees together, which decide the size of the model. */
const FOREST_LEAVES = 100_000;
/** The most leaves a tree of the learner can have. */
const TREE_LEAVES = 256;

/** Most leaves a tree of a forest may have, by the number of trees grown at a time. */
export function mostForestLeaves(classCount: number): number {
  const outputs = classCount > 2 ? classCount : 1;
  return Math.max(2, Math.min(TREE_LEAVES, Math.floor(FOREST_LEAVES / (FOREST_TREES * outputs))));
}

/** A family as it is trained when nothing is known of the data, with all features. */
export function defaultCandidate(family: Family, task: Task, dataset: Dataset, classCount: number): Candidate {
  const common = { logTarget: false, features: [...dataset.columns.keys()] };
  if (family === 'boosting') return { ...common, family, parameters: resolveParameters(task) };
  if (family === 'linear') return { ...common, family, parameters: { l2: 1 } };
  const nodeShare = task === 'regression' ? 1 / 2 : 1 / Math.sqrt(dataset.columns.length);
  const parameters = {
    trees: FOREST_TREES,
    leaves: mostForestLeaves(classCount),
    leafRows: 2,
    rowShare: 0.632,
    nodeShare: Math.max(nodeShare, 1 / dataset.columns.length),
    l2: 0.1,
  };
  return { ...common, family, parameters };
}

/** What trees of a forest take over from the learner: its handling of categories. */
export const FOREST_LIMITS = {
  leafHessian: DEFAULT_PARAMETERS.leafHessian,
  categoryL2: 1,
  categorySmoothing: DEFAULT_PARAMETERS.categorySmoothing,
  categoryRows: DEFAULT_PARAMETERS.categoryRows,
  setSize: DEFAULT_PARAMETERS.setSize,
};
