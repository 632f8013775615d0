import type { Queryable } from '../core/postgres/pool.js';
import type { Logger } from '../core/telemetry/logger.js';

const DAYS_AHEAD = 7;

/** Creates the daily partitions of `predictions` from yesterday to a week ahead of `now`, where they are absent. */
export async function ensurePartitions(db: Queryable, now: Date): Promise<void> {
  await db.query(
    `select ensure_prediction_partition(($1::timestamptz at time zone 'UTC')::date + day)
       from generate_series(-1, $2::int) as day`,
    [now, DAYS_AHEAD],
  );
}

const HOUR_MS = 3_600_000;

/** Ensures the partitions every hour until told to stop. */
export function keepPartitions(db: Queryable, now: () => Date, logger: Logger): { stop(): void } {
  const timer = setInterval(() => {
    ensurePartitions(db, now()).catch((err: unknown) => logger.error({ err }, 'partitions could not be created'));
  }, HOUR_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
