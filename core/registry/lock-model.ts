import type { Client } from '../postgres/pool.js';

/**
 * Locks a model until the caller's transaction ends. Whoever locks a model and its runs, versions or rollouts takes the model
 * first, so that two who change it wait for one another instead of deadlocking.
 */
export async function lockModel(client: Client, modelName: string): Promise<void> {
  await client.query('select from models where model_name = $1 for update', [modelName]);
}
