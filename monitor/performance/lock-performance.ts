import { LOCKS } from '../../core/postgres/locks.js';
import type { Client } from '../../core/postgres/pool.js';

/**
 * Waits for its turn to write sums or windows of a model's performance, until the end of the transaction: two at once
 * could count an outcome twice, or miss one between reading sums and storing what follows from them.
 */
export async function lockPerformance(client: Client, modelName: string): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1, hashtext($2))', [LOCKS.performance, modelName]);
}
