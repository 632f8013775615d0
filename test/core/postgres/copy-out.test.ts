import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createReadText,
  readDoubles,
  readFloats,
  readTexts,
  readTimestamp,
} from '../../../core/postgres/binary-values.js';
import { copyOut } from '../../../core/postgres/copy-out.js';
import { createPool, type Pool, withClient } from '../../../core/postgres/pool.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

/** Rows of (timestamptz, float8[], text[], real[], text), as JavaScript values. */
async function read(pool: Pool, query: string) {
  const readText = createReadText();
  const rows: unknown[][] = [];
  const count = await withClient(pool, (client) =>
    copyOut(client, query, 5, (source, starts, lengths) => {
      const [doubles, floats] = [new Float64Array(3), new Float64Array(2)];
      const texts: (string | null)[] = [null, null, null];
      readDoubles(source, starts[1]!, doubles);
      readTexts(source, starts[2]!, texts, readText);
      readFloats(source, starts[3]!, floats);
      const text = lengths[4] === -1 ? null : readText(source, starts[4]!, lengths[4]!);
      rows.push([readTimestamp(source, starts[0]!), Array.from(doubles), texts, Array.from(floats), text]);
    }),
  );
  expect(count).toBe(rows.length);
  return rows;
}

test('values come as Postgres has them, nulls and what is not there included', async () => {
  const rows = await read(
    database.pool,
    `select '2026-01-15 12:00:00.123456+00'::timestamptz, '{1.5,NULL,-Infinity}'::float8[], '{a,NULL,"ä \\"b\\" 🍷"}'::text[],
            '{0.1,NaN}'::real[], null::text
     union all select '1969-12-31 23:59:59.999999+00', '{}', '{}', '{7}', repeat('x', 100)`,
  );
  const nothing = [Number.NaN, Number.NaN, Number.NaN];
  expect(rows).toEqual([
    [
      Date.parse('2026-01-15T12:00:00.123Z') * 1_000 + 456,
      [1.5, Number.NaN, Number.NEGATIVE_INFINITY],
      ['a', null, 'ä "b" 🍷'],
      [Math.fround(0.1), Number.NaN],
      null,
    ],
    [-1, nothing, [null, null, null], [7, Number.NaN], 'x'.repeat(100)],
  ]);
});

test('rows that are cut anywhere by the network are put together again', async () => {
  const rows = await read(
    database.pool,
    `select to_timestamp(n), array[n, n * 2, n / 3.0]::float8[], array[repeat('é', n % 50), 'b', null],
            array[n]::real[], repeat('z', n % 300) from generate_series(1, 20000) as n`,
  );
  expect(rows).toHaveLength(20_000);
  for (const n of [1, 777, 12_345, 20_000]) {
    expect(rows[n - 1]).toEqual([
      n * 1e6,
      [n, n * 2, n / 3],
      ['é'.repeat(n % 50), 'b', null],
      [n, Number.NaN],
      'z'.repeat(n % 300),
    ]);
  }
});

test('a callback that throws is told of, and the connection can be used again', async () => {
  await withClient(database.pool, async (client) => {
    const query = 'select n from generate_series(1, 100000) as n';
    let calls = 0;
    const failing = copyOut(client, query, 1, () => {
      if (++calls === 3) throw new Error('no more');
    });
    await expect(failing).rejects.toThrow('no more');
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(await copyOut(client, query, 1, () => undefined)).toBe(100_000);
  });
});

test('an error of Postgres is told, before the first row and after', async () => {
  await withClient(database.pool, async (client) => {
    await expect(copyOut(client, 'select nonsense', 1, () => undefined)).rejects.toThrow('nonsense');
    const late = 'select 1 / (5000 - n) from generate_series(1, 10000) as n';
    await expect(copyOut(client, late, 1, () => undefined)).rejects.toThrow('division by zero');
    expect(await copyOut(client, 'select 1 where false', 1, () => undefined)).toBe(0);
  });
});

test('the timer of a query that was answered is gone', async () => {
  const pool = createPool({
    connectionString: database.url,
    applicationName: 'timed',
    queryTimeoutMs: 60_000,
    onError: () => undefined,
  });
  const timers = (): number => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  try {
    await withClient(pool, async (client) => {
      const before = timers();
      for (let i = 0; i < 20; i++) await copyOut(client, 'select 1', 1, () => undefined);
      // Timers of the test runner may come and go.
      expect(timers()).toBeLessThan(before + 10);
    });
  } finally {
    await pool.end();
  }
});
