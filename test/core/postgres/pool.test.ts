import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createPool, listen, withClient, withTransaction } from '../../../core/postgres/pool.js';
import { withModelLock } from '../../../monitor/lock.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { type SwallowingNetwork, startSwallowingNetwork } from './swallowing-network.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let network: SwallowingNetwork;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  network = await startSwallowingNetwork(database.url);
});
afterEach(() => network.close());

const poolOver = (connectionString: string, options: { queryTimeoutMs?: number; maxConnections?: number } = {}) =>
  createPool({ connectionString, applicationName: 'test', onError: () => undefined, ...options });

describe('with a time limit', () => {
  test('the server cancels a query past it, and the pool goes on', async () => {
    const pool = poolOver(database.url, { queryTimeoutMs: 1_000, maxConnections: 1 });
    await expect(pool.query('select pg_sleep(20)')).rejects.toMatchObject({ code: '57014' });
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  test.each<[string, (pool: ReturnType<typeof poolOver>) => Promise<unknown>]>([
    ['a query', (pool) => pool.query('select 1')],
    ['a lent connection', (pool) => withClient(pool, (client) => client.query('select 1'))],
    ['a transaction', (pool) => withTransaction(pool, (client) => client.query('select 1'))],
    ['the lock of a model', (pool) => withModelLock(pool, 'wine', async () => undefined)],
  ])('%s ends when the network swallows packets, and has a new connection once it is back', async (_, work) => {
    const pool = poolOver(network.url, { queryTimeoutMs: 1_000, maxConnections: 1 });
    await pool.query('select 1');
    network.swallow();
    const began = Date.now();
    await expect(work(pool)).rejects.toThrow('Query read timeout');
    expect(Date.now() - began).toBeLessThan(10_000);
    network.deliver();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  test('the connection of a transaction that broke off in its middle is not used again', async () => {
    const pool = poolOver(network.url, { queryTimeoutMs: 1_000, maxConnections: 1 });
    const broken = withTransaction(pool, async (client) => {
      await client.query('create table half (x integer)');
      network.swallow();
      await client.query('select 1');
    });
    await expect(broken).rejects.toThrow('Query read timeout');
    network.deliver();
    const { rows } = await pool.query(`select to_regclass('half') as half`);
    expect(rows).toEqual([{ half: null }]);
    await pool.end();
  });
});

test('without one a query may take its time', async () => {
  const pool = poolOver(database.url);
  expect((await pool.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
  await pool.end();
});

test('connections ask now and then whether the other end is there', async () => {
  const asked = vi.spyOn(Socket.prototype, 'setKeepAlive');
  const pool = poolOver(database.url);
  await pool.query('select 1');
  const ears = { channel: 'c', onNotify: () => undefined, onEnd: () => undefined };
  const listening = await listen({ connectionString: database.url, applicationName: 'test', ...ears });
  expect(asked.mock.calls).toEqual([
    [true, 10_000],
    [true, 10_000],
  ]);
  asked.mockRestore();
  await listening.close();
  await pool.end();
});

describe('listening', () => {
  const over = (connectionString: string, onEnd: () => void = () => undefined) => ({
    ...{ connectionString, applicationName: 'test', channel: 'plumbline_test', onEnd },
    onNotify: () => undefined,
  });

  test('fails in time when nobody answers, leaves no connection, and does not report a loss as well', async () => {
    network.swallow();
    const onEnd = vi.fn();
    const began = Date.now();
    await expect(listen(over(network.url, onEnd))).rejects.toThrow(/timeout/);
    expect(Date.now() - began).toBeLessThan(10_000);
    await until('the connection to be gone', async () => network.openConnections() === 0);
    expect(onEnd).not.toHaveBeenCalled();
  });

  test('leaves no connection when the database refuses', async () => {
    const refused = new URL(network.url);
    refused.pathname = '/no_such_database';
    const onEnd = vi.fn();
    await expect(listen(over(refused.toString(), onEnd))).rejects.toThrow('database "no_such_database" does not exist');
    await until('the connection to be gone', async () => network.openConnections() === 0);
    expect(onEnd).not.toHaveBeenCalled();
  });

  test('reports the loss of an established connection once', async () => {
    const onEnd = vi.fn();
    await listen(over(database.url, onEnd));
    await database.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where query like 'listen %' and datname = current_database()`,
    );
    await until('the loss to be reported', async () => onEnd.mock.calls.length > 0);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });
});
