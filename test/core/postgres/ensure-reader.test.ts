import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureReader } from '../../../core/postgres/ensure-reader.js';
import { createPool } from '../../../core/postgres/pool.js';
import { createDatabase } from '../../helpers/postgres.js';

// Logins belong to the server, not to a database: a name of this file's own.
const NAME = 'reader_of_this_test';
let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(async () => {
  await database.pool.query(`drop owned by ${NAME}`);
  await database.pool.query(`drop role ${NAME}`);
  await database.drop();
});

async function ask(password: string, sql: string): Promise<unknown[]> {
  const url = new URL(database.url);
  url.username = NAME;
  url.password = password;
  const pool = createPool({
    connectionString: String(url),
    applicationName: 'reader',
    maxConnections: 1,
    onError: () => undefined,
  });
  try {
    return (await pool.query(sql)).rows;
  } finally {
    await pool.end();
  }
}

it('makes a login that reads every table, those to come too, and writes none', async () => {
  const password = `quote ' and "quote" and \\`;
  await ensureReader(database.pool, { name: NAME, password });
  await database.pool.query('create table made_later (n integer)');
  expect(await ask(password, 'select count(*)::int as n from predictions')).toEqual([{ n: 0 }]);
  expect(await ask(password, 'select * from made_later')).toEqual([]);
  const write = 'begin; set transaction read write; delete from predictions; commit';
  await expect(ask(password, write)).rejects.toThrow(/permission denied/);
  for (const hidden of ['select content from artefacts', 'select secret_hash from api_keys']) {
    await expect(ask(password, hidden)).rejects.toThrow(/permission denied/);
  }
});

it('sets a new password where the login exists, and can be run again and again', async () => {
  await ensureReader(database.pool, { name: NAME, password: 'another password' });
  await ensureReader(database.pool, { name: NAME, password: 'another password' });
  expect(await ask('another password', 'select 1 as n')).toEqual([{ n: 1 }]);
});

it('refuses a name that is none, and a login that can do more', async () => {
  const ensure = (name: string) => ensureReader(database.pool, { name, password: 'x'.repeat(16) });
  await expect(ensure('Grafana; drop')).rejects.toThrow('"Grafana; drop" is no name for a login');
  const { rows } = await database.pool.query<{ name: string }>('select current_user as name');
  await expect(ensure(rows[0]!.name)).rejects.toThrow('exists and can do more than read');
});
