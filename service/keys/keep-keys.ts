import { KEYS_CHANNEL, loadActiveKeys } from '../../core/keys/stored.js';
import type { Pool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';
import { watchRegistry } from '../models/watch.js';
import type { KeyCheck } from './key-check.js';

/**
 * Keeps the keys of a check those of Postgres until the end: read anew when a change is announced, and by a poll. On a connection
 * of its own, so that a revoked key does not wait for a model to be loaded. While Postgres is away the last ones hold.
 */
export async function keepKeys(options: {
  connectionString: string;
  pool: Pool;
  keys: KeyCheck;
  pollMs: number;
  logger: Logger;
  signal: AbortSignal;
}): Promise<void> {
  const { pool, keys } = options;
  await watchRegistry({
    ...options,
    channel: KEYS_CHANNEL,
    refresh: async () => keys.set(await loadActiveKeys(pool)),
  });
}
