import { Command } from 'commander';
import { migrate } from '../../core/postgres/migrate.js';
import { withDatabase } from '../with-database.js';

/** `plumbline migrate`: brings the database to this build's schema. */
export function migrateCommand(): Command {
  return new Command('migrate').description('bring the database to this build’s schema').action(async () => {
    const applied = await withDatabase((pool) => migrate(pool));
    console.log(applied.length === 0 ? 'the schema is up to date' : `applied ${applied.join(', ')}`);
  });
}
