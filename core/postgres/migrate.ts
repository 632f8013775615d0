import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../package-path.js';
import { LOCKS } from './locks.js';
import { type Pool, type Queryable, withTransaction } from './pool.js';

interface Migration {
  number: number;
  name: string;
  sql: string;
  hash: string;
}

/**
 * Brings the database to this build's schema: each new file in a transaction of its own, its number recorded first.
 * Safe to run from several processes at once (advisory lock).
 * @returns the names of the files applied now
 * @throws Error when an applied file was changed, or the database is newer than this build
 */
export async function migrate(pool: Pool): Promise<string[]> {
  const files = await loadMigrations();
  const applied: string[] = [];
  await pool
    .query(`create table if not exists schema_migrations (
    number integer primary key, name text not null, hash text not null, applied_at timestamptz not null default now())`)
    .catch(ignoreConcurrentCreate);
  for (const file of files) {
    await withTransaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1)', [LOCKS.migration]);
      const { rows } = await client.query<{ hash: string }>('select hash from schema_migrations where number = $1', [
        file.number,
      ]);
      if (rows[0]) {
        if (rows[0].hash !== file.hash)
          throw new Error(`migration ${file.name} was changed after it was applied; write a new file instead`);
        return;
      }
      await client.query('insert into schema_migrations (number, name, hash) values ($1, $2, $3)', [
        file.number,
        file.name,
        file.hash,
      ]);
      await client.query(file.sql);
      applied.push(file.name);
    });
  }
  await assertSchema(pool);
  return applied;
}

/** Refuses to go on when the database's schema is not this build's. @throws Error that says what to run */
export async function assertSchema(db: Queryable): Promise<void> {
  const wanted = (await loadMigrations()).at(-1)!.number;
  const found = await schemaNumber(db);
  if (found < wanted)
    throw new Error(`the database schema is at ${found}, this build needs ${wanted}: run plumbline migrate`);
  if (found > wanted)
    throw new Error(`the database schema is at ${found}, this build knows ${wanted}: run a newer build`);
}

async function schemaNumber(db: Queryable): Promise<number> {
  const { rows: table } = await db.query(`select to_regclass('schema_migrations') is not null as present`);
  if (!table[0]?.present) return 0;
  const { rows } = await db.query<{ number: number }>(
    'select coalesce(max(number), 0)::int as number from schema_migrations',
  );
  return rows[0]?.number ?? 0;
}

async function loadMigrations(): Promise<Migration[]> {
  const folder = packagePath('core/postgres/migrations');
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z_]+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { number: Number(name.slice(0, 4)), name, sql, hash: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

/** Two processes may create the bookkeeping table at once: `if not exists` does not cover that race. */
function ignoreConcurrentCreate(error: { code?: string }): void {
  const uniqueViolation = '23505';
  const duplicateTable = '42P07';
  if (error.code !== uniqueViolation && error.code !== duplicateTable) throw error;
}
