import { setTimeout as delay } from 'node:timers/promises';
import type { Queryable } from '../core/postgres/pool.js';
import { isDatabaseUnavailable } from '../core/postgres/unavailable.js';
import type { Logger } from '../core/telemetry/logger.js';

/** From yesterday to a week ahead, what is needed first at the front. */
const DAYS = [0, 1, -1, 2, 3, 4, 5, 6, 7];
const DAY_MS = 86_400_000;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Creates the daily partitions of `predictions` from yesterday to a week ahead of `now`, where they are absent, each in a
 * transaction of its own. A day that fails leaves the others to be created; a lock that is not to be had, or Postgres
 * away, would fail them all.
 * @throws AggregateError naming the days; their rows go to `predictions_default` until a later call creates the partition
 */
export async function ensurePartitions(db: Queryable, now: Date): Promise<void> {
  const failures: { day: string; error: unknown }[] = [];
  for (const ahead of DAYS) {
    const day = new Date(now.getTime() + ahead * DAY_MS).toISOString().slice(0, 10);
    try {
      await db.query('select ensure_prediction_partition($1::date)', [day]);
    } catch (error) {
      failures.push({ day, error });
      if ((error as { code?: unknown }).code === LOCK_NOT_AVAILABLE || isDatabaseUnavailable(error)) break;
    }
  }
  if (failures.length === 0) return;
  const days = failures.map(({ day, error }) => `${day} (${(error as Error).message})`).join(', ');
  throw new AggregateError(
    failures.map(({ error }) => error),
    `no partition could be created for ${days}`,
  );
}

const CHECK_MS = 60_000;

/** Ensures the partitions every minute, so that a clock that jumps or a laptop that slept is caught up with soon, until aborted. */
export async function keepPartitions(options: {
  db: Queryable;
  now: () => Date;
  logger: Pick<Logger, 'warn'>;
  signal: AbortSignal;
  checkMs?: number;
}): Promise<void> {
  const { db, now, logger, signal, checkMs = CHECK_MS } = options;
  while (!signal.aborted) {
    await ensurePartitions(db, now()).catch((err: unknown) => {
      logger.warn(
        { err, retryMs: checkMs },
        'not every partition is there, trying again; rows go to predictions_default',
      );
    });
    await delay(checkMs, undefined, { signal }).catch(() => undefined);
  }
}
