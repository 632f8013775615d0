import type { Logger } from '../core/telemetry/logger.js';
import type { RunMetrics, RunOutcome } from './metrics/run-metrics.js';

/** Runs passes one at a time, and counts them. */
export interface Runner {
  /** Runs a pass, or skips it when one is under way. Never throws: how it ended is the answer. */
  run(): Promise<RunOutcome>;
  /** Waits for the pass that is under way, if any. */
  idle(): Promise<void>;
}

/** Wraps `pass`, which gives the names of the models that failed, with what a job must report. */
export function createRunner(options: {
  pass: () => Promise<string[]>;
  clock: () => Date;
  logger: Logger;
  metrics: RunMetrics;
}): Runner {
  const { pass, clock, logger, metrics } = options;
  let underWay: Promise<RunOutcome> | undefined;
  const runOnce = async (): Promise<RunOutcome> => {
    const end = metrics.duration.startTimer();
    try {
      const failed = await pass();
      if (failed.length > 0) return 'failure';
      metrics.lastSuccess.set(clock().getTime() / 1_000);
      return 'success';
    } catch (error) {
      logger.error({ err: error }, 'run failed');
      return 'failure';
    } finally {
      end();
    }
  };
  return {
    run: async () => {
      if (underWay) {
        logger.warn({}, 'run skipped: the one before is still under way');
        metrics.runs.inc({ outcome: 'skipped' });
        return 'skipped';
      }
      underWay = runOnce();
      const outcome = await underWay;
      underWay = undefined;
      metrics.runs.inc({ outcome });
      return outcome;
    },
    idle: async () => {
      await underWay;
    },
  };
}
