import { Command } from 'commander';
import { ensureReader } from '../../core/postgres/ensure-reader.js';
import { loadCliSettings } from '../settings.js';
import { withDatabase } from '../with-database.js';

/** `plumbline reader`: a login for dashboards and people that cannot change anything. */
export function readerCommand(): Command {
  return new Command('reader')
    .description('create a database login that can only read, or give it a new password (PLUMBLINE_READER_PASSWORD)')
    .argument('<name>', 'name of the login, such as grafana')
    .action(async (name: string) => {
      const password = loadCliSettings().PLUMBLINE_READER_PASSWORD;
      if (password === undefined) {
        const message =
          'PLUMBLINE_READER_PASSWORD is not set: the password of the login; PLUMBLINE_READER_PASSWORD_FILE may name a file that holds it';
        throw new Error(message, { cause: 'settings' });
      }
      await withDatabase((pool) => ensureReader(pool, { name, password }), { migrated: true });
      console.log(`${name} may read the predictions, outcomes, verdicts and runs`);
    });
}
