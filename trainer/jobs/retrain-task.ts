import { withTransaction } from '../../core/postgres/pool.js';
import { ChampionChangedError } from '../../core/registry/versions.js';
import { inSpan } from '../../core/telemetry/in-span.js';
import { TrainingFailedError } from '../../core/training/run-command.js';
import type { RetrainContext } from '../context.js';
import { retrain } from '../run.js';
import { NotEnoughOutcomes, Stopped, TooSoon } from '../stopped.js';
import { enterState, noteState } from './enter-state.js';
import { enqueueRuns } from './queue.js';
import { ACTIVE_STATES, loadRun, OPEN_STATES, RunEndedError, type TrainingRun, writeLog, writeState } from './runs.js';

/** Which attempt of a job this is, and of how many. */
export interface Attempt {
  attempts: number;
  max_attempts: number;
}

/** The queue's one task: takes a run up and sees to it that its end, or why it goes on later, is on record. */
export function createRetrainTask(context: RetrainContext): (payload: unknown, attempt: Attempt) => Promise<void> {
  return async (payload, attempt) => {
    const { trainingRunId, traceparent } = payload as { trainingRunId: string; traceparent?: string | null };
    const run = await loadRun(context.pool, trainingRunId);
    if (!run || !OPEN_STATES.includes(run.state)) return;
    const began = performance.now();
    context.metrics.activeRuns.inc();
    try {
      await inSpan(
        'retrain',
        { 'plumbline.model.name': run.modelName, 'plumbline.training_run.id': trainingRunId },
        async (span) => {
          await retrain(context, run).catch((error: unknown) => recordStop(context, run, error, attempt));
          span.setAttribute('plumbline.training_run.state', run.state);
        },
        { traceparent: traceparent ?? undefined },
      );
    } finally {
      context.metrics.activeRuns.dec();
      const trained = !['refused', ...ACTIVE_STATES, 'queued'].includes(run.state);
      if (trained) context.metrics.runDuration.observe((performance.now() - began) / 1000);
    }
  };
}

/** Turns what a stage threw into the run's state; rethrows what deserves another attempt. */
async function recordStop(context: RetrainContext, run: TrainingRun, error: unknown, job: Attempt): Promise<void> {
  if (error instanceof RunEndedError) return;
  if (context.signal.aborted) return later(context, run, 'queued', 'the trainer was stopped; the run begins again');
  if (error instanceof NotEnoughOutcomes) return wait(context, run, error.message);
  if (error instanceof TooSoon) return later(context, run, 'queued', error.message, error.mayBeginAt);
  if (error instanceof Stopped) return enterState(context, run, error.state, error.message);
  if (error instanceof ChampionChangedError) return enterState(context, run, 'refused', error.message);
  if (error instanceof TrainingFailedError) {
    await writeLog(context.pool, run.trainingRunId, error.log);
    return enterState(context, run, 'failed', error.message);
  }
  const message = error instanceof Error ? error.message : String(error);
  if (job.attempts >= job.max_attempts) {
    return enterState(context, run, 'failed', `attempt ${job.attempts} of ${job.max_attempts} failed: ${message}`);
  }
  const reason = `attempt ${job.attempts} of ${job.max_attempts} failed and is made again: ${message}`;
  await writeState(context.pool, run.trainingRunId, run.state, reason);
  throw error;
}

async function wait(context: RetrainContext, run: TrainingRun, reason: string): Promise<void> {
  const { TRAINER_OUTCOME_PATIENCE_MINUTES: patienceMinutes, TRAINER_OUTCOME_WAIT_SECONDS: waitSeconds } =
    context.settings;
  const now = context.now().getTime();
  if (run.startedAt && now - run.startedAt.getTime() >= patienceMinutes * 60_000) {
    return enterState(context, run, 'refused', `gave up after ${patienceMinutes} minutes with ${reason}`);
  }
  await later(context, run, 'waiting', reason, new Date(now + waitSeconds * 1000));
}

/** Puts the run back on the queue, with its state, in one transaction: a run never waits without a job. */
async function later(
  context: RetrainContext,
  run: TrainingRun,
  state: 'queued' | 'waiting',
  reason: string,
  runAt?: Date,
): Promise<void> {
  await withTransaction(context.pool, async (client) => {
    await writeState(client, run.trainingRunId, state, reason);
    await enqueueRuns(client, [run], runAt);
  });
  noteState(context, run, state, reason);
}
