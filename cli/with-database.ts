import { assertSchema } from '../core/postgres/migrate.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { isDatabaseUnavailable } from '../core/postgres/unavailable.js';
import { loadCliSettings } from './settings.js';
import { readStack } from './stack/stack-file.js';

/** The database of DATABASE_URL, or else of the stack that `plumbline up` runs here. @throws Error when there is none */
export async function databaseUrl(): Promise<string> {
  const settings = loadCliSettings();
  const url = settings.DATABASE_URL ?? (await readStack(settings.PLUMBLINE_HOME))?.databaseUrl;
  if (url) return url;
  throw new Error('no database: start one with "plumbline up" in this folder, or set DATABASE_URL', {
    cause: 'settings',
  });
}

/**
 * Runs `work` on the database of DATABASE_URL, or else of the stack that `plumbline up` runs here.
 * @throws Error that says how to name a database when there is none
 */
export async function withDatabase<T>(
  work: (pool: Pool) => Promise<T>,
  options: { migrated?: boolean } = {},
): Promise<T> {
  const connectionString = await databaseUrl();
  const pool = createPool({
    connectionString,
    applicationName: 'plumbline-cli',
    maxConnections: 2,
    onError: () => undefined,
  });
  try {
    if (options.migrated) await assertSchema(pool);
    return await work(pool);
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new Error('the database does not answer; is it running, and is DATABASE_URL right?', { cause: error });
  } finally {
    await pool.end();
  }
}
