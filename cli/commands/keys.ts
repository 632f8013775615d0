import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError } from 'commander';
import { addKey, type ListedKey, listKeys, revokeKey } from '../../core/keys/stored.js';
import { withDatabase } from '../with-database.js';

/** `plumbline keys …`: who may ask for predictions where the service has SERVICE_API_KEYS=required. */
export function keysCommand(): Command {
  const command = new Command('keys').description('API keys of the service, for SERVICE_API_KEYS=required');
  command
    .command('add')
    .description('make a key and print it, once: only its hash is stored')
    .argument('<name>', 'of the client that gets it, such as checkout-service; no name of a person')
    .option('--expires <time>', 'from then on it is refused (RFC 3339); never when left out', parseTime)
    .action(async (name: string, { expires }: { expires?: Date }) => {
      const options = { name, expiresAt: expires, now: new Date(), randomBytes };
      // The key alone on standard output, for a script to read.
      console.log(await withDatabase((pool) => addKey(pool, options), { migrated: true }));
      console.error(`the key of ${name}; keep it now, it cannot be shown again`);
    });
  command
    .command('list')
    .description('all keys, without their secrets')
    .action(async () => {
      const keys = await withDatabase((pool) => listKeys(pool), { migrated: true });
      const now = new Date();
      for (const key of keys) console.log(describeKey(key, now));
      if (keys.length === 0) console.log('no keys; "plumbline keys add NAME" makes one');
    });
  command
    .command('revoke')
    .description('refuse a key from now on')
    .argument('<name>', 'as it was added')
    .action(async (name: string) => {
      await withDatabase((pool) => revokeKey(pool, name, new Date()), { migrated: true });
      console.log(`the key of ${name} is revoked; the service refuses it within seconds`);
    });
  return command;
}

/** A key in a line for people. */
export function describeKey({ name, keyId, createdAt, expiresAt, revokedAt }: ListedKey, now: Date): string {
  const state = revokedAt
    ? `revoked ${revokedAt.toISOString()}`
    : !expiresAt
      ? 'in force'
      : `${expiresAt <= now ? 'expired' : 'in force until'} ${expiresAt.toISOString()}`;
  return `${name}  plk_${keyId}_…  made ${createdAt.toISOString()}  ${state}`;
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('wanted a time, such as 2027-01-31T12:00:00Z');
  return time;
}
