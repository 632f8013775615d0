import type { TreeModel } from './gbdt/model.js';
import type { LinearModel } from './linear/model.js';

/** A trained model of any family; answers by `predict`, and as an ONNX file by `exportOnnx`. */
export type Model = TreeModel | LinearModel;

/** What a model is made of: boosted trees, bagged trees, or one weight a feature. */
export const FAMILIES = ['boosting', 'forest', 'linear'] as const;
export type Family = (typeof FAMILIES)[number];
