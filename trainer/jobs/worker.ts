import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger as QueueLogger, type RunnerOptions, run, runMigrations, type WorkerEvents } from 'graphile-worker';
import { v7 as uuidv7 } from 'uuid';
import type { Logger } from '../../core/telemetry/logger.js';
import type { RetrainContext } from '../context.js';
import { every } from '../every.js';
import { showRollouts } from '../rollout/show-rollouts.js';
import { RETRAIN_TASK } from './queue.js';
import { failAbandonedRuns, unlockDeadWorkers } from './recover.js';
import { createRetrainTask } from './retrain-task.js';
import { showHeldModels } from './show-held.js';
import { showOpenRuns } from './show-open-runs.js';
import { holdWorkerLock } from './worker-lock.js';

const RECOVERY_INTERVAL_MS = 10_000;
const RESTART_MS = 1_000;
/**
 * The library's own recovery frees whatever has been locked for four hours, its worker alive or not; ours takes its place.
 * It cannot be switched off: it runs once in the first minute, and then after this time.
 */
const LIBRARY_RECOVERY_MS = 2 ** 31 - 1;

/** A worker that takes runs off the queue. */
export interface Worker {
  isWorking(): boolean;
  close(): Promise<void>;
}

/**
 * Brings the queue's tables up to date and starts taking runs off the queue, one at a time. A worker that ends, as the
 * library's do when they cannot hand a job back, is followed by a new one.
 */
export async function startWorker(
  context: RetrainContext,
  options: { recoveryIntervalMs?: number } = {},
): Promise<Worker> {
  const { pool, logger } = context;
  const queueLogger = adaptLogger(logger);
  await runMigrations({ pgPool: pool, logger: queueLogger });
  await recover(context);
  let closing = false;
  let current: LaunchedWorker | undefined = await launch(context, queueLogger);
  let restart = Promise.resolve();
  const watch = (worker: LaunchedWorker): void => {
    void worker.ended.then(() => {
      if (closing) return;
      logger.error({ worker: worker.id }, 'queue worker ended, starting another');
      current = undefined;
      restart = worker.close().then(relaunch);
    });
  };
  const relaunch = async (): Promise<void> => {
    while (!closing && !current) {
      try {
        current = await launch(context, queueLogger);
        watch(current);
      } catch (error) {
        logger.warn({ err: error }, 'queue worker did not start, trying again');
        await delay(RESTART_MS, undefined, { signal: context.signal }).catch(() => undefined);
      }
    }
  };
  watch(current);
  const stopRecovery = every(options.recoveryIntervalMs ?? RECOVERY_INTERVAL_MS, () => recover(context));
  return {
    isWorking: () => current?.isWorking() ?? false,
    close: async () => {
      closing = true;
      await stopRecovery();
      await restart;
      await current?.close();
    },
  };
}

interface LaunchedWorker extends Worker {
  id: string;
  /** Resolves when it takes no more jobs. */
  ended: Promise<void>;
}

/** Starts one worker of the library under an id whose lock is held before the first job is taken. */
async function launch(context: RetrainContext, logger: QueueLogger): Promise<LaunchedWorker> {
  const id = `trainer-${uuidv7()}`;
  const lock = await holdWorkerLock({ pool: context.pool, workerId: id, logger: context.logger });
  const events: WorkerEvents = new EventEmitter();
  const retrain = createRetrainTask(context);
  let working = true;
  const ended = new Promise<void>((resolve) => {
    events.once('worker:stop', () => {
      working = false;
      resolve();
    });
  });
  const options: RunnerOptions & { workerId: string } = {
    pgPool: context.pool,
    workerId: id,
    concurrency: 1,
    noHandleSignals: true,
    minResetLockedInterval: LIBRARY_RECOVERY_MS,
    maxResetLockedInterval: LIBRARY_RECOVERY_MS,
    events,
    logger,
    taskList: { [RETRAIN_TASK]: (payload, { job }) => retrain(payload, job) },
  };
  try {
    const runner = await run(options);
    runner.promise.catch((error: Error) => context.logger.warn({ err: error }, 'queue worker ended badly'));
    return {
      id,
      ended,
      isWorking: () => working && lock.isHeld(),
      close: async () => {
        await runner.stop().catch(() => undefined);
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function recover(context: RetrainContext): Promise<void> {
  try {
    const dead = await unlockDeadWorkers(context.pool);
    if (dead.length > 0) context.logger.warn({ workers: dead }, 'jobs of dead workers given back to the queue');
    await failAbandonedRuns(context);
    await showOpenRuns(context);
    await showHeldModels(context);
    await showRollouts(context);
  } catch (error) {
    context.logger.warn({ err: error }, 'open runs could not be looked after, trying again');
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
