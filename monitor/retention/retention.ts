import type { Pool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';
import type { RetentionMetrics } from '../metrics/retention-metrics.js';
import { dropDay } from './drop-day.js';
import { loadDueDays } from './due-days.js';
import { HOLDS, type Hold } from './find-hold.js';
import { sweepDependents } from './sweep.js';

/** What retention works with. */
export interface RetentionOptions {
  pool: Pool;
  clock: () => Date;
  logger: Logger;
  metrics: RetentionMetrics;
  /** Whole days of predictions kept besides today. */
  retentionDays: number;
}

/**
 * Makes the run of retention: drops the days that are due, oldest first, up to one that is held, then what belonged to them.
 * A hold is logged when it begins.
 */
export function createRetention(options: RetentionOptions): () => Promise<void> {
  const { pool, clock, logger, metrics, retentionDays } = options;
  let lastHold: Hold | undefined;
  return async () => {
    const now = clock();
    const due = await loadDueDays(pool, now, retentionDays);
    let hold: Hold | undefined;
    let dropped = 0;
    for (const day of due) {
      const result = await dropDay(pool, day, now);
      if ('held' in result) {
        hold = result.held;
        if (hold !== lastHold)
          logger.info({ day, reason: hold }, 'a day of predictions is due to be dropped, and held');
        break;
      }
      dropped++;
      metrics.days.inc();
      metrics.rows.inc(result.rows);
      logger.info({ day, rows: result.rows, retentionDays }, 'predictions of a day dropped');
    }
    lastHold = hold;
    for (const reason of HOLDS) metrics.held.set({ reason }, reason === hold ? due.length - dropped : 0);
    await sweepDependents(pool, now, retentionDays);
  };
}
