import { type Pool, withTransaction } from './pool.js';

/** Longest query of a reader: a dashboard that asks too much must not take the connection of those that write. */
const STATEMENT_TIMEOUT = '30s';
const NAME = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Creates a login that may read every table of this database, also those to come, and write none; where it exists, sets its password.
 * Model files and training sets are left out (they are large, and nothing a dashboard shows), and the hashes of API keys.
 * @throws Error when the name is no plain identifier, or is a login that can do more than read
 */
export async function ensureReader(pool: Pool, reader: { name: string; password: string }): Promise<void> {
  const { name, password } = reader;
  if (!NAME.test(name)) {
    throw new Error(`"${name}" is no name for a login: wanted small letters, digits and _, a letter first`, {
      cause: name,
    });
  }
  await withTransaction(pool, async (client) => {
    const found = await client.query<{ mighty: boolean }>(
      'select rolsuper or rolcreaterole or rolcreatedb or rolname = current_user as mighty from pg_roles where rolname = $1',
      [name],
    );
    if (found.rows[0]?.mighty) {
      throw new Error(`the login "${name}" exists and can do more than read; take another name`, { cause: name });
    }
    const { rows } = await client.query<{ command: string; connect: string }>(
      `select format('%s role %I login password %L', $1::text, $2::text, $3::text) as command,
              format('grant connect on database %I to %I', current_database(), $2::text) as connect`,
      [found.rowCount === 0 ? 'create' : 'alter', name, password],
    );
    await client.query(rows[0]!.command);
    await client.query(rows[0]!.connect);
    await client.query(`alter role ${name} set default_transaction_read_only = on`);
    await client.query(`alter role ${name} set statement_timeout = '${STATEMENT_TIMEOUT}'`);
    await client.query(`grant usage on schema public to ${name}`);
    await client.query(`grant select on all tables in schema public to ${name}`);
    await client.query(`alter default privileges in schema public grant select on tables to ${name}`);
    await client.query(`revoke select on artefacts, api_keys from ${name}`);
  });
}
