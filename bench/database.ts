import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startDatabase } from '../cli/stack/database.js';
import { migrate } from '../core/postgres/migrate.js';
import { createPool, type Pool } from '../core/postgres/pool.js';
import { loadProject } from '../core/project/load.js';
import { addModel } from '../core/project/register.js';

/** The database of the run, with the model registered. */
export interface BenchDatabase {
  url: string;
  pool: Pool;
  version: string;
  /** `fsync` and `synchronous_commit` as the server has them. */
  durability: string;
  /** Number of rows of a table once it no longer changes; 0 when there is no such table. */
  settledRows(table: string): Promise<number>;
  /** Cuts the service off and keeps it out until the function given back is called. */
  keepServiceOut(): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

const SETTLE_MS = 500;
const SETTLE_DEADLINE_MS = 120_000;

/** Starts the embedded Postgres of `plumbline up` on an empty folder and makes the model the champion. */
export async function startBenchDatabase(home: string, modelFolder: string): Promise<BenchDatabase> {
  await rm(home, { recursive: true, force: true });
  const password = randomBytes(16).toString('hex');
  const database = await startDatabase({
    databaseUrl: undefined,
    home,
    port: 0,
    password,
    say: (line) => process.stderr.write(`${line}\n`),
  });
  const pool = openPool(database.url);
  const show = async (sql: string): Promise<string> => {
    const { rows } = await pool.query<Record<string, unknown>>(sql);
    return String(Object.values(rows[0] ?? {})[0]);
  };
  const count = async (table: string): Promise<number> => {
    if ((await show(`select to_regclass('${table}')`)) === 'null') return 0;
    return Number(await show(`select count(*) from ${table}`));
  };
  await migrate(pool);
  await addModel(pool, await loadProject(modelFolder), 'plumbline bench');
  return {
    url: database.url,
    pool,
    version: await show('show server_version'),
    durability: `fsync ${await show('show fsync')}, synchronous_commit ${await show('show synchronous_commit')}`,
    settledRows: async (table) => {
      const deadline = Date.now() + SETTLE_DEADLINE_MS;
      let rows = await count(table);
      for (;;) {
        await delay(SETTLE_MS);
        const now = await count(table);
        if (now === rows || Date.now() > deadline) return now;
        rows = now;
      }
    },
    keepServiceOut: () => keepServiceOut(database.url),
    stop: async () => {
      await pool.end();
      await database.stop();
      // Minutes of full load leave gigabytes.
      await rm(home, { recursive: true, force: true });
    },
  };
}

function openPool(connectionString: string): Pool {
  return createPool({
    connectionString,
    applicationName: 'plumbline-bench',
    maxConnections: 2,
    onError: () => undefined,
  });
}

async function keepServiceOut(url: string): Promise<() => Promise<void>> {
  const maintenance = new URL(url);
  const name = maintenance.pathname.slice(1);
  maintenance.pathname = '/postgres';
  // A database can be closed to new connections only from another one.
  const pool = openPool(maintenance.href);
  await pool.query(`alter database "${name}" with allow_connections false`);
  await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name like 'plumbline-service%'`,
    [name],
  );
  return async () => {
    await pool.query(`alter database "${name}" with allow_connections true`);
    await pool.end();
  };
}
