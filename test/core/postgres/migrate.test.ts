import { afterAll, beforeAll, expect, test } from 'vitest';
import { assertSchema, migrate } from '../../../core/postgres/migrate.js';
import { createPool } from '../../../core/postgres/pool.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase({ empty: true });
});
afterAll(() => database.drop());

test('names the command to run when the schema is behind', async () => {
  await expect(assertSchema(database.pool)).rejects.toThrow(
    'the database schema is at 0, this build needs 6: run plumbline migrate',
  );
});

test('applies every file once, from two processes at the same time', async () => {
  const other = createPool({ connectionString: database.url, applicationName: 'other', onError: () => undefined });
  const [first, second] = await Promise.all([migrate(database.pool), migrate(other)]);
  await other.end();
  expect([...first, ...second].sort()).toEqual([
    '0001_create_registry.sql',
    '0002_create_predictions.sql',
    '0003_create_monitoring.sql',
    '0004_create_training_runs.sql',
    '0005_create_performance.sql',
    '0006_create_experiments.sql',
  ]);
  expect(await migrate(database.pool)).toEqual([]);
});

test('refuses a database whose applied file was changed', async () => {
  await database.pool.query(`update schema_migrations set hash = 'other' where number = 2`);
  await expect(migrate(database.pool)).rejects.toThrow('0002_create_predictions.sql was changed after it was applied');
});
