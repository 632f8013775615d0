import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPool } from '../../../core/postgres/pool.js';
import { watchPools } from '../../../core/postgres/pool-metrics.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('shows what of a pool is used, idle and waited for', async () => {
  const pool = createPool({
    connectionString: database.url,
    applicationName: 'watched',
    maxConnections: 2,
    onError: () => undefined,
  });
  const registry = new Registry();
  watchPools(registry, { requests: pool });
  const read = async (): Promise<string[]> =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith('postgres_pool'));
  const clients = [await pool.connect(), await pool.connect()];
  const third = pool.query('select 1');
  expect(await read()).toEqual([
    'postgres_pool_connections{pool="requests",state="used"} 2',
    'postgres_pool_connections{pool="requests",state="idle"} 0',
    'postgres_pool_limit_connections{pool="requests"} 2',
    'postgres_pool_waiting_queries{pool="requests"} 1',
  ]);
  for (const client of clients) client.release();
  await third;
  expect(await read()).toEqual([
    'postgres_pool_connections{pool="requests",state="used"} 0',
    'postgres_pool_connections{pool="requests",state="idle"} 2',
    'postgres_pool_limit_connections{pool="requests"} 2',
    'postgres_pool_waiting_queries{pool="requests"} 0',
  ]);
  await pool.end();
});
