import { Logger as QueueLogger, type RunnerOptions, run, runMigrations } from 'graphile-worker';
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from '../../core/telemetry/logger.js';
import type { RetrainContext } from '../context.js';
import { RETRAIN_TASK } from './queue.js';
import { failAbandonedRuns, unlockDeadWorkers } from './recover.js';
import { createRetrainTask } from './retrain-task.js';
import { holdWorkerLock } from './worker-lock.js';

const RECOVERY_INTERVAL_MS = 10_000;
/** The library's own recovery frees what has been locked for four hours, alive or not; ours takes its place. */
const NEVER_MS = 2 ** 31 - 1;

/** A worker that takes runs off the queue. */
export interface Worker {
  isWorking(): boolean;
  close(): Promise<void>;
}

/** Brings the queue's tables up to date and starts taking runs off it, one at a time. */
export async function startWorker(
  context: RetrainContext,
  options: { recoveryIntervalMs?: number } = {},
): Promise<Worker> {
  const { pool, logger } = context;
  const queueLogger = adaptLogger(logger);
  await runMigrations({ pgPool: pool, logger: queueLogger });
  const workerId = `trainer-${uuidv7()}`;
  // Before the first job is taken: another trainer must see this worker live.
  const lock = await holdWorkerLock({ pool, workerId, logger });
  const runnerOptions: RunnerOptions & { workerId: string } = {
    pgPool: pool,
    workerId,
    concurrency: 1,
    noHandleSignals: true,
    minResetLockedInterval: NEVER_MS,
    maxResetLockedInterval: NEVER_MS,
    logger: queueLogger,
    taskList: { [RETRAIN_TASK]: createRetrainTask(context) },
  };
  await recover(context);
  const runner = await run(runnerOptions);
  let working = true;
  runner.promise.then(
    () => {
      working = false;
    },
    (error: unknown) => {
      working = false;
      logger.error({ err: error }, 'queue worker ended');
    },
  );
  const stopRecovery = every(options.recoveryIntervalMs ?? RECOVERY_INTERVAL_MS, () => recover(context));
  return {
    isWorking: () => working && lock.isHeld(),
    close: async () => {
      await stopRecovery();
      await runner
        .stop()
        .catch((error: Error) => logger.warn({ err: error.message }, 'queue worker had ended already'));
      await lock.release();
    },
  };
}

/** Runs `work` again and again, with a pause between. @returns stops it and waits for the pass under way */
function every(intervalMs: number, work: () => Promise<void>): () => Promise<void> {
  let stopped = false;
  let pass = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const schedule = (): void => {
    timer = setTimeout(() => {
      pass = work().finally(() => {
        if (!stopped) schedule();
      });
    }, intervalMs);
  };
  schedule();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await pass;
  };
}

async function recover(context: RetrainContext): Promise<void> {
  try {
    const dead = await unlockDeadWorkers(context.pool);
    if (dead.length > 0) context.logger.warn({ workers: dead }, 'jobs of dead workers given back to the queue');
    await failAbandonedRuns(context);
  } catch (error) {
    context.logger.warn(
      { err: (error as Error).message },
      'jobs of dead workers could not be looked for, trying again',
    );
  }
}

/** The library writes for people; only its warnings and errors are of use beside our own lines. */
function adaptLogger(logger: Logger): QueueLogger {
  return new QueueLogger(() => (level, message) => {
    if (level === 'error') logger.error({ message }, 'queue');
    else if (level === 'warning') logger.warn({ message }, 'queue');
    else logger.debug({ message }, 'queue');
  });
}
