import type { RetrainContext } from '../context.js';
import { type RunState, type TrainingRun, writeState } from './runs.js';

/** Moves a run to a state: recorded, counted when it is a new one, and logged. @throws RunEndedError */
export async function enterState(
  context: Pick<RetrainContext, 'pool' | 'logger' | 'metrics'>,
  run: TrainingRun,
  state: RunState,
  reason: string,
): Promise<void> {
  await writeState(context.pool, run.trainingRunId, state, reason);
  noteState(context, run, state, reason);
}

/** Counts and logs a state that was recorded in a transaction of the caller. */
export function noteState(
  context: Pick<RetrainContext, 'logger' | 'metrics'>,
  run: TrainingRun,
  state: RunState,
  reason: string,
): void {
  if (run.state !== state) context.metrics.runs.inc({ state });
  run.state = state;
  run.reason = reason;
  const fields = { trainingRunId: run.trainingRunId, modelName: run.modelName, state, reason };
  if (state === 'failed') context.logger.error(fields, 'training run');
  else context.logger.info(fields, 'training run');
}
