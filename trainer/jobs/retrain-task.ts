import { withTransaction } from '../../core/postgres/pool.js';
import { ChampionChangedError } from '../../core/registry/versions.js';
import { inSpan } from '../../core/telemetry/in-span.js';
import { TrainingFailedError } from '../../core/training/run-command.js';
import type { RetrainContext } from '../context.js';
import { retrain } from '../run.js';
import { NotEnoughOutcomes, Stopped, TooSoon } from '../stopped.js';
import { enterState, noteState } from './enter-state.js';
import { enqueueRuns } from './queue.js';
import {
  ACTIVE_STATES,
  auditStep,
  loadRun,
  OPEN_STATES,
  RunEndedError,
  type Step,
  type TrainingRun,
  writeLog,
  writeState,
} from './runs.js';

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
  if (context.signal.aborted) {
    return later(context, run, { state: 'queued', reason: 'the trainer was stopped; the run begins again' });
  }
  if (error instanceof NotEnoughOutcomes) return wait(context, run, error.message);
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof TooSoon) {
    return later(context, run, { state: 'queued', reason, guard: error.guard }, error.mayBeginAt);
  }
  if (error instanceof Stopped) return enterState(context, run, { state: error.state, reason, guard: error.guard });
  if (error instanceof ChampionChangedError) {
    return enterState(context, run, { state: 'refused', reason, guard: 'other-version' });
  }
  if (error instanceof TrainingFailedError) {
    await writeLog(context.pool, run.trainingRunId, error.log);
    return enterState(context, run, { state: 'failed', reason });
  }
  const attempt = `attempt ${job.attempts} of ${job.max_attempts} failed`;
  if (job.attempts >= job.max_attempts) {
    return enterState(context, run, { state: 'failed', reason: `${attempt}: ${reason}` });
  }
  await writeState(context.pool, run.trainingRunId, {
    state: run.state,
    reason: `${attempt} and is made again: ${reason}`,
    guard: run.guard,
  });
  throw error;
}

async function wait(context: RetrainContext, run: TrainingRun, reason: string): Promise<void> {
  const { TRAINER_OUTCOME_PATIENCE_MINUTES: patienceMinutes, TRAINER_OUTCOME_WAIT_SECONDS: waitSeconds } =
    context.settings;
  const now = context.now().getTime();
  const guard = 'too-few-labels';
  if (run.startedAt && now - run.startedAt.getTime() >= patienceMinutes * 60_000) {
    const gaveUp = `gave up after ${patienceMinutes} minutes with ${reason}`;
    return enterState(context, run, { state: 'refused', reason: gaveUp, guard });
  }
  await later(context, run, { state: 'waiting', reason, guard }, new Date(now + waitSeconds * 1000));
}

/** Puts the run back on the queue, with its state, in one transaction: a run never waits without a job. */
async function later(context: RetrainContext, run: TrainingRun, step: Step, runAt?: Date): Promise<void> {
  await withTransaction(context.pool, async (client) => {
    await writeState(client, run.trainingRunId, step);
    await enqueueRuns(client, [run], runAt);
    await auditStep(client, run, step);
  });
  noteState(context, run, step);
}
