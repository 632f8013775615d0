import type { Static } from '@sinclair/typebox';
import type { Manifest } from '../manifest/manifest.js';
import type { TRAINING_METRICS, trainingSchema } from '../manifest/training-schema.js';

/** The `training` section of a manifest, as written. */
export type TrainingSource = Static<typeof trainingSchema>;

/** What a search is led by; for log_loss, mae and rmse less is better. */
export type TrainingMetric = (typeof TRAINING_METRICS)[number];

/** What a training command is told of budgets and wishes, every default filled in: `training` of `request.json`. */
export interface TrainingPlan {
  trials: number;
  folds: number;
  metric: TrainingMetric;
  /** Left to the command when absent. */
  families?: string[];
  classWeights: 'none' | 'balanced';
  featureSearch: boolean;
  /** No trial begins after this. */
  searchMinutes: number;
  threads: number;
  memoryMegabytes: number;
}

/** Of the time a command has: what is left is for the trials under way, the last fit and the export. */
const SEARCH_SHARE = 0.6;
const DEFAULT_MEMORY_MEGABYTES = 4096;

/**
 * Fills the gaps of a manifest's `training`. The metric of a search for classes is the log loss, whatever champion and
 * challenger are compared by: accuracy and its like tell few candidates apart on few rows.
 */
export function resolvePlan(manifest: Pick<Manifest, 'task' | 'retraining' | 'training'>): TrainingPlan {
  const { task, retraining, training = {} } = manifest;
  const searchMinutes = SEARCH_SHARE * (retraining?.timeoutMinutes ?? 30);
  return {
    trials: training.trials ?? 1,
    folds: training.folds ?? 3,
    metric: training.metric ?? (task !== 'regression' ? 'log_loss' : retraining?.metric === 'rmse' ? 'rmse' : 'mae'),
    ...(training.families && { families: training.families }),
    classWeights: training.classWeights ?? 'none',
    featureSearch: training.featureSearch ?? false,
    searchMinutes: Math.min(searchMinutes, training.searchMinutes ?? searchMinutes),
    threads: training.threads ?? 2,
    memoryMegabytes: training.memoryMegabytes ?? DEFAULT_MEMORY_MEGABYTES,
  };
}
