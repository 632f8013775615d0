import { KEYS_CHANNEL, loadActiveKeys } from '../../core/keys/stored.js';
import { createPool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';
import { watchRegistry } from '../models/watch.js';
import type { KeyCheck } from './key-check.js';

/**
 * Keeps the keys of a check those of Postgres until the end: read anew when a change is announced, and by a poll. On two
 * connections of its own, one that listens and one that reads, so that a revoked key waits neither for a model to be loaded nor
 * for queries of requests, and for one that hangs no longer than `queryTimeoutMs`. While Postgres is away the last ones hold.
 */
export async function keepKeys(options: {
  connectionString: string;
  keys: KeyCheck;
  pollMs: number;
  queryTimeoutMs: number;
  logger: Logger;
  signal: AbortSignal;
  /** Told each time the keys are those of Postgres. */
  onKnown: () => void;
}): Promise<void> {
  const { connectionString, keys, queryTimeoutMs, logger, onKnown } = options;
  const pool = createPool({
    connectionString,
    applicationName: 'plumbline-service-keys',
    maxConnections: 1,
    queryTimeoutMs,
    onError: (err) => logger.warn({ err }, 'an idle connection to Postgres was lost'),
  });
  try {
    await watchRegistry({
      ...options,
      channel: KEYS_CHANNEL,
      refresh: async () => {
        keys.set(await loadActiveKeys(pool));
        onKnown();
      },
    });
  } finally {
    await pool.end();
  }
}
