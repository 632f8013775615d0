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

/** Days dropped by one run: the first one after years without retention must not keep the monitor from its windows. */
const MOST_DAYS = 5;
/** After others were at work on the table, they are left alone for so long: each attempt makes readers and writers wait. */
const PAUSE_MS = 600_000;

/**
 * Makes the run of retention: drops the days that are due, oldest first, five at most, up to one that is held, then what
 * belonged to them. A hold is logged when it begins; after one that is `locked` nothing is dropped for ten minutes.
 */
export function createRetention(options: RetentionOptions): () => Promise<void> {
  const { pool, clock, logger, metrics, retentionDays } = options;
  let lastHold: Hold | undefined;
  let lockedAt = Number.NEGATIVE_INFINITY;
  const dropDue = async (now: Date): Promise<void> => {
    const due = await loadDueDays(pool, now, retentionDays);
    let hold: Hold | undefined;
    let dropped = 0;
    for (const day of due.slice(0, MOST_DAYS)) {
      const result = await dropDay(pool, day, now);
      if ('held' in result) {
        hold = result.held;
        if (hold !== lastHold)
          logger.info({ day, reason: hold }, 'a day of predictions is due to be dropped, and held');
        break;
      }
      dropped++;
      if (result.rows === undefined) continue;
      metrics.days.inc();
      metrics.rows.inc(result.rows);
      logger.info({ day, rows: result.rows, retentionDays }, 'predictions of a day dropped');
    }
    lastHold = hold;
    lockedAt = hold === 'locked' ? now.getTime() : Number.NEGATIVE_INFINITY;
    for (const reason of HOLDS) metrics.held.set({ reason }, reason === hold ? due.length - dropped : 0);
  };
  return async () => {
    const now = clock();
    // By how far it is away, either way: a clock that was ahead must not stop retention until it gets there again.
    if (Math.abs(now.getTime() - lockedAt) >= PAUSE_MS) await dropDue(now);
    await sweepDependents(pool, now, retentionDays);
  };
}
