import { Type } from '@sinclair/typebox';
import { oneOf } from '../one-of.js';

/** What a search may be led by; the last two are for regression. */
export const TRAINING_METRICS = ['log_loss', 'accuracy', 'macro_f1', 'roc_auc', 'mae', 'rmse'] as const;

/** The `training` section of a `model.yaml`: what a training command is told beside its data. */
export const trainingSchema = Type.Object(
  {
    trials: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_000,
        description: 'candidates that the search for good parameters tries; 1: no search, the defaults',
      }),
    ),
    folds: Type.Optional(Type.Integer({ minimum: 2, maximum: 20, description: 'of the cross-validation of a search' })),
    metric: Type.Optional(oneOf(TRAINING_METRICS, { description: 'what the search is led by' })),
    families: Type.Optional(
      Type.Array(Type.String({ minLength: 1 }), {
        minItems: 1,
        uniqueItems: true,
        description:
          'kinds of models that are tried; built-in trainer: boosting, forest, linear; Python trainer: lightgbm, xgboost, forest, svm',
      }),
    ),
    classWeights: Type.Optional(
      oneOf(['none', 'balanced'], { description: 'balanced: every class weighs the same in all' }),
    ),
    featureSearch: Type.Optional(
      Type.Boolean({ description: 'true: the search also chooses how many of the most important features are used' }),
    ),
    searchMinutes: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: 'no trial begins after this, whatever the number of trials' }),
    ),
    threads: Type.Optional(Type.Integer({ minimum: 1, maximum: 256, description: 'the search uses at most' })),
    memoryMegabytes: Type.Optional(
      Type.Integer({ minimum: 64, description: 'the training command is ended when it holds more (on Linux)' }),
    ),
  },
  { additionalProperties: false },
);
