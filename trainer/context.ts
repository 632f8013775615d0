import type { MlflowClient } from '../core/mlflow/client.js';
import type { Pool } from '../core/postgres/pool.js';
import type { Environment } from '../core/settings.js';
import type { Logger } from '../core/telemetry/logger.js';
import type { TrainerMetrics } from './metrics.js';
import type { TrainerSettings } from './settings.js';

/** What every stage of a retraining works with. */
export interface RetrainContext {
  pool: Pool;
  logger: Logger;
  metrics: TrainerMetrics;
  settings: Pick<
    TrainerSettings,
    'TRAINER_SEED' | 'TRAINER_COOLDOWN_MINUTES' | 'TRAINER_OUTCOME_WAIT_SECONDS' | 'TRAINER_OUTCOME_PATIENCE_MINUTES'
  >;
  /** Folder in which each training gets a folder of its own. */
  workFolder: string;
  /** Where trainings are copied to; absent where there is no MLflow server. */
  mlflow?: MlflowClient;
  /** What a training command sees of the environment. */
  commandEnvironment: Environment;
  now: () => Date;
  /** Aborted when this process ends: the run goes back to the queue. */
  signal: AbortSignal;
}

/** What a pass over rollouts works with. */
export type RolloutContext = Pick<RetrainContext, 'pool' | 'logger' | 'metrics' | 'settings' | 'now'>;
