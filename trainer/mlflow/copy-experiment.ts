import { listTrials, loadExperiment } from '../../core/registry/experiments.js';
import type { RetrainContext } from '../context.js';
import { mirrorExperiment } from './mirror.js';

/**
 * Copies a finished experiment to the MLflow server, if there is one. A server that is away or refuses is logged, and is no
 * reason to fail: the record is in Postgres.
 */
export async function copyExperiment(
  { pool, logger, mlflow }: Pick<RetrainContext, 'pool' | 'logger' | 'mlflow'>,
  experimentId: string,
  onnx: Uint8Array | undefined,
): Promise<void> {
  if (!mlflow) return;
  try {
    const experiment = (await loadExperiment(pool, experimentId))!;
    const trials = await listTrials(pool, experimentId);
    const mlflowRunId = await mirrorExperiment(mlflow, { experiment, trials, ...(onnx && { onnx }) });
    logger.info({ experimentId, mlflowRunId }, 'experiment copied to MLflow');
  } catch (error) {
    logger.warn({ err: error, experimentId }, 'experiment not copied to MLflow');
  }
}
