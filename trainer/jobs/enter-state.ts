import { withTransaction } from '../../core/postgres/pool.js';
import type { RetrainContext } from '../context.js';
import { auditStep, type Step, type TrainingRun, writeState } from './runs.js';

/** Moves a run to a state: recorded, counted when it is a new one, and logged. @throws RunEndedError */
export async function enterState(
  context: Pick<RetrainContext, 'pool' | 'logger' | 'metrics'>,
  run: TrainingRun,
  step: Step,
): Promise<void> {
  await withTransaction(context.pool, async (client) => {
    await writeState(client, run.trainingRunId, step);
    await auditStep(client, run, step);
  });
  noteState(context, run, step);
}

/** Counts and logs a state that was recorded in a transaction of the caller. */
export function noteState(context: Pick<RetrainContext, 'logger' | 'metrics'>, run: TrainingRun, step: Step): void {
  const { state, reason, guard = null } = step;
  if (run.state !== state) context.metrics.runs.inc({ state });
  if (guard !== null && run.guard !== guard) context.metrics.refusals.inc({ guard });
  run.state = state;
  run.reason = reason;
  run.guard = guard;
  const { trainingRunId, modelName } = run;
  const fields = { trainingRunId, modelName, state, reason, ...(guard !== null && { guard }) };
  if (state === 'failed') context.logger.error(fields, 'training run');
  else context.logger.info(fields, 'training run');
}
