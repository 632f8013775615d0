import type { Task } from '../dataset.js';
import type { Link } from '../gbdt/answers.js';

/** How a feature enters the weighted sum. */
export type LinearFeature =
  | {
      readonly name: string;
      readonly type: 'numeric';
      /** Float32: the value enters as (value - mean) * scale, cut to +-`MOST_DEVIATIONS`; a missing one as 0, and as a flag. */
      readonly mean: number;
      readonly scale: number;
    }
  | {
      readonly name: string;
      readonly type: 'categorical';
      /** Each enters as a flag; a category that is not among them, or missing, as none. Never empty: '' stands for none known. */
      readonly categories: readonly string[];
    };

/** Beyond so many standard deviations a value counts as lying there: one absurd value must not decide an answer. */
export const MOST_DEVIATIONS = 10;

/**
 * A trained linear model. Terms, in order: the numeric features' values, their missing flags, then the flags of each
 * categorical feature's categories.
 */
export interface LinearModel {
  readonly kind: 'linear';
  readonly task: Task;
  readonly classes: readonly string[];
  /** In input order. */
  readonly features: readonly LinearFeature[];
  readonly link: Link;
  /** Float32, term * outputs + output. */
  readonly weights: Float32Array;
  /** By output, float32. */
  readonly base: Float32Array;
}

/** Number of terms of the weighted sum. */
export function termCount(features: readonly LinearFeature[]): number {
  return features.reduce((sum, feature) => sum + (feature.type === 'numeric' ? 2 : feature.categories.length), 0);
}
