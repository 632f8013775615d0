import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../telemetry/logger.js';
import { assertSchema } from './migrate.js';
import type { Queryable } from './pool.js';

/**
 * Waits until Postgres answers and has this build's schema, logging each failed attempt.
 * @returns false when `signal` was aborted first
 */
export async function waitForDatabase(
  db: Queryable,
  logger: Logger,
  signal: AbortSignal,
  retryMs = 1_000,
): Promise<boolean> {
  while (!signal.aborted) {
    try {
      await assertSchema(db);
      return true;
    } catch (error) {
      logger.warn({ err: error, retryMs }, 'database not usable yet, trying again');
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return false;
}
