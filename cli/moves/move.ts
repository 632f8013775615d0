import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import { loadChampion, loadVersion, type ModelVersion } from '../../core/registry/versions.js';
import { actorOf, confirm } from './confirm.js';

/** What every command that changes a model takes. */
export interface MoveOptions {
  reason: string;
  yes?: boolean;
}

/** The champion of a model. @throws Error when there is none */
export async function requireChampion(pool: Pool, modelName: string): Promise<ModelVersion> {
  const champion = await loadChampion(pool, modelName);
  if (!champion) throw new Error(`${modelName} has no champion; see "plumbline model list"`, { cause: 'model' });
  return champion;
}

/** A version of a model. @throws Error when there is none */
export async function requireVersion(pool: Pool, modelName: string, modelVersion: number): Promise<ModelVersion> {
  const version = await loadVersion(pool, modelName, modelVersion);
  if (!version) {
    throw new Error(`${modelName} has no version ${modelVersion}; see "plumbline model list"`, { cause: 'version' });
  }
  return version;
}

/** Says what will change, asks, does it in one transaction. @param command  such as `model promote`, for the record */
export async function act(
  pool: Pool,
  options: MoveOptions & { command: string; changes: string[] },
  work: (client: Client, by: string) => Promise<void>,
): Promise<void> {
  await confirm(options.changes, options);
  await withTransaction(pool, (client) => work(client, actorOf(options.command)));
}
