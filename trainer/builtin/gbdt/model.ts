import type { Task } from '../dataset.js';
import type { Link } from './answers.js';
import type { FeatureEncoding } from './encoding.js';
import type { Tree } from './tree.js';

/** What the model must know of a feature to read it. */
export type ModelFeature =
  | { readonly name: string; readonly type: 'numeric' }
  | { readonly name: string; readonly type: 'categorical'; readonly categories: readonly string[] };

/** A trained model of trees: the raw score of an output is its base plus the sum of its trees' leaf values. */
export interface TreeModel {
  readonly kind: 'trees';
  readonly task: Task;
  /** Class names in index order; empty for regression. */
  readonly classes: readonly string[];
  /** In input order. A categorical feature's categories are those known to the model: bin i + 1 is categories[i]. */
  readonly features: readonly ModelFeature[];
  readonly link: Link;
  /** By output, float32: one for a value or two classes (of the second one), one per class otherwise. */
  readonly base: Float32Array;
  readonly trees: readonly Tree[];
}

/** What a model keeps of a feature's encoding. */
export function modelFeature(encoding: FeatureEncoding): ModelFeature {
  const { name } = encoding;
  return encoding.type === 'numeric'
    ? { name, type: 'numeric' }
    : { name, type: 'categorical', categories: encoding.categories };
}
