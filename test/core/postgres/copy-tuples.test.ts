import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyTuples, leadingUuid, tupleEnd } from '../../../core/postgres/copy-tuples.js';
import { withClient } from '../../../core/postgres/pool.js';
import { createTupleWriter } from '../../../core/postgres/tuple-writer.js';
import { createDatabase } from '../../helpers/postgres.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase({ empty: true });
  await database.pool.query(
    'create table t (id uuid, at timestamptz, n integer, r real, s text, d double precision[], f real[], a text[])',
  );
});
afterAll(() => database.drop());

const ID = '019ab3f2-7c00-7123-89ab-cdef01234567';
const ID_MS = 0x019ab3f27c00;

async function copied(tuples: Buffer, cut = tuples.length): Promise<Record<string, unknown>[]> {
  await database.pool.query('truncate t');
  async function* pieces() {
    yield tuples.subarray(0, cut);
    yield tuples.subarray(cut);
  }
  await withClient(database.pool, (client) => copyTuples(client, 't', pieces()));
  return (await database.pool.query('select * from t order by n')).rows;
}

test('Postgres reads back every type as it was written, wherever pieces are cut', async () => {
  const writer = createTupleWriter();
  const texts = ['', 'plain', 'tab\t"quote" \\ {brace}, é 𝄞', 'x'.repeat(500), null, 'NULL', 'a\0b'];
  const numbers = [0, -0.1, 1e300, 5e-324, Number.NaN, Number.POSITIVE_INFINITY];
  for (let row = 0; row < 2; row++) {
    writer.tuple(8);
    expect(writer.uuid(row === 0 ? ID : ID.toUpperCase())).toBe(ID_MS);
    writer.timestamp(row === 0 ? ID_MS : Date.UTC(1970, 0, 2, 3, 4, 5, 678));
    writer.integer(row === 0 ? 2 ** 31 - 1 : -7);
    writer.real(Math.fround(0.1));
    writer.text(row === 0 ? 'é'.repeat(40) : null);
    writer.doubles(Float64Array.from([9, ...numbers, 9]), 1, 1 + numbers.length);
    writer.reals(Float32Array.from(numbers.slice(0, 1)), 0, 1);
    writer.texts(texts, 0, row === 0 ? texts.length : 0);
  }
  const tuples = writer.take();
  expect(tupleEnd(tuples, tupleEnd(tuples, 0))).toBe(tuples.length);
  expect(leadingUuid(tuples, 0)).toBe(ID);
  expect(() => tupleEnd(tuples.subarray(0, 300), 0)).toThrow(RangeError);
  for (const cut of [0, 1, 25, 400, tuples.length]) {
    const [second, first] = await copied(tuples, cut);
    const sameInBoth = { id: ID, r: 0.1, d: numbers.map((n) => (Number.isNaN(n) ? null : n)), f: [0] };
    const saved = texts.map((text) => text?.replace('\0', '\uFFFD') ?? null);
    expect(first).toEqual({ ...sameInBoth, at: new Date(ID_MS), n: 2 ** 31 - 1, s: 'é'.repeat(40), a: saved });
    expect(second).toEqual({ ...sameInBoth, at: new Date(Date.UTC(1970, 0, 2, 3, 4, 5, 678)), n: -7, s: null, a: [] });
  }
});

test('a writer that has grown over many rows gives them all, and starts anew', async () => {
  const writer = createTupleWriter();
  const rows = 3_000;
  for (let row = 0; row < rows; row++) {
    writer.tuple(8);
    writer.uuid(ID);
    for (let field = 0; field < 6; field++) {
      if (field === 1) writer.integer(row);
      else if (field === 3) writer.text('long '.repeat(100));
      else writer.null();
    }
    writer.raw(Buffer.from([0xff, 0xff, 0xff, 0xff]));
  }
  const stored = await copied(writer.take(), 70_000);
  expect(stored.map((row) => row.n)).toEqual(Array.from({ length: rows }, (_, row) => row));
  expect(stored.every((row) => row.s === 'long '.repeat(100))).toBe(true);
  expect(writer.take()).toHaveLength(0);
});
