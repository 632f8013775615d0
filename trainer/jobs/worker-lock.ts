import { LOCKS } from '../../core/postgres/locks.js';
import type { Client, Pool } from '../../core/postgres/pool.js';
import type { Logger } from '../../core/telemetry/logger.js';

const RETRY_MS = 1_000;

/** A sign of life that Postgres takes back by itself when the process or its connection dies. */
export interface WorkerLock {
  /** Whether the lock is held now. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/**
 * Holds an advisory lock for a worker id on a connection of its own, and takes it again when that connection is lost.
 * Resolves once it is held.
 */
export async function holdWorkerLock(options: { pool: Pool; workerId: string; logger: Logger }): Promise<WorkerLock> {
  const { pool, workerId, logger } = options;
  let connection: Client | undefined;
  let released = false;
  let retry: NodeJS.Timeout | undefined;

  const take = async (): Promise<void> => {
    const client = await pool.connect();
    client.on('error', (error: Error) => {
      if (connection !== client) return;
      connection = undefined;
      client.release(error);
      logger.warn({ err: error, workerId }, 'worker lock lost, taking it again');
      schedule();
    });
    try {
      await client.query('select pg_advisory_lock($1, hashtext($2))', [LOCKS.worker, workerId]);
      connection = client;
    } catch (error) {
      client.release(error as Error);
      throw error;
    }
  };
  const schedule = (): void => {
    if (released) return;
    retry = setTimeout(() => {
      take().catch(schedule);
    }, RETRY_MS);
  };

  await take();
  return {
    isHeld: () => connection !== undefined,
    release: async () => {
      released = true;
      clearTimeout(retry);
      const client = connection;
      connection = undefined;
      // Destroys the connection, and the lock with it.
      client?.release(true);
    },
  };
}

/** SQL condition: true, until the transaction's end, when no live worker holds the id in `$1`. */
export const WORKER_IS_DEAD = `pg_try_advisory_xact_lock(${LOCKS.worker}, hashtext($1))`;
