import { type Pool, type Queryable, withTransaction } from '../postgres/pool.js';
import { createKey } from './format.js';

/** Channel on which a change of keys is announced. */
export const KEYS_CHANNEL = 'plumbline_api_keys';

/** A key as it is listed: nothing of its secret. */
export interface ListedKey {
  keyId: string;
  name: string;
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** A key that is not revoked, as the service holds it. */
export interface ActiveKey {
  keyId: string;
  secretHash: Buffer;
  expiresAt: Date | null;
}

const UNIQUE_VIOLATION = '23505';
const NAME = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/**
 * Makes a key and stores its hash. @returns the key, which nothing can show again
 * @throws Error when the name is no plain one, is taken by a key that is not revoked, or the key would have expired already
 */
export async function addKey(
  pool: Pool,
  options: { name: string; expiresAt: Date | undefined; now: Date; randomBytes: (bytes: number) => Buffer },
): Promise<string> {
  const { name, expiresAt, now } = options;
  if (!NAME.test(name)) {
    const message = `"${name}" is no name for a key: wanted small letters, digits, ".", "_" and "-", 63 at most, as in checkout-service`;
    throw new Error(message, { cause: name });
  }
  if (expiresAt && expiresAt <= now) {
    throw new Error(`the key would have expired at ${expiresAt.toISOString()} already; give a later --expires`, {
      cause: expiresAt,
    });
  }
  const { key, keyId, secretHash } = createKey(options.randomBytes);
  await withTransaction(pool, async (client) => {
    await client
      .query(
        'insert into api_keys (key_id, key_name, secret_hash, created_at, expires_at) values ($1, $2, $3, $4, $5)',
        [keyId, name, secretHash, now, expiresAt],
      )
      .catch((error: Error & { code?: string }) => {
        if (error.code !== UNIQUE_VIOLATION) throw error;
        throw new Error(`there is a key "${name}" already: take another name, or revoke that one first`, {
          cause: name,
        });
      });
    await announce(client);
  });
  return key;
}

/** Revokes the key of a name. @throws Error when no key of that name is in force */
export async function revokeKey(pool: Pool, name: string, now: Date): Promise<void> {
  await withTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      'update api_keys set revoked_at = $2 where key_name = $1 and revoked_at is null',
      [name, now],
    );
    if (rowCount === 0)
      throw new Error(`no key "${name}" is in force; "plumbline keys list" shows those that are`, { cause: name });
    await announce(client);
  });
}

/** All keys, also those that are revoked or have expired, by name and age. */
export async function listKeys(db: Queryable): Promise<ListedKey[]> {
  const { rows } = await db.query<ListedKey>(
    `select key_id as "keyId", key_name as name, created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt"
       from api_keys order by key_name, created_at`,
  );
  return rows;
}

/** Keys that are not revoked; they may have expired. */
export async function loadActiveKeys(db: Queryable): Promise<ActiveKey[]> {
  const { rows } = await db.query<ActiveKey>(
    'select key_id as "keyId", secret_hash as "secretHash", expires_at as "expiresAt" from api_keys where revoked_at is null',
  );
  return rows;
}

/** Told when the caller's transaction commits. */
async function announce(db: Queryable): Promise<void> {
  await db.query('select pg_notify($1, $2)', [KEYS_CHANNEL, '']);
}
