import { LOCKS } from '../core/postgres/locks.js';
import type { Pool } from '../core/postgres/pool.js';

/**
 * Runs `work` while holding the advisory lock of a model, on a connection of its own, so that one monitor at a time
 * works on a model. When that connection is lost so is the lock, unnoticed: every write under it must be safe to do
 * twice at once all the same.
 * @returns false when another monitor holds the lock; then `work` was not run
 */
export async function withModelLock(pool: Pool, modelName: string, work: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onLost = (error: Error): void => {
    broken = error;
  };
  client.on('error', onLost);
  try {
    const { rows } = await client
      .query<{ locked: boolean }>('select pg_try_advisory_lock($1, hashtext($2)) as locked', [
        LOCKS.watchedModel,
        modelName,
      ])
      .catch((error: Error) => {
        // Perhaps taken all the same, only not known to be.
        onLost(error);
        throw error;
      });
    if (!rows[0]!.locked) return false;
    try {
      await work();
    } finally {
      await client.query('select pg_advisory_unlock($1, hashtext($2))', [LOCKS.watchedModel, modelName]).catch(onLost);
    }
    return true;
  } finally {
    client.off('error', onLost);
    client.release(broken);
  }
}
