import { writeFile } from 'node:fs/promises';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type SchemaElement } from 'hyparquet';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createParquetSink } from '../../../../cli/predict/files/parquet-sink.js';
import { openParquet } from '../../../../cli/predict/files/parquet-source.js';
import { asPlain } from '../../../../cli/predict/files/row-file.js';
import { createFolder } from '../fixture.js';

let folder: Awaited<ReturnType<typeof createFolder>>;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

const OPTIONAL = { repetition_type: 'OPTIONAL' } as const;
const MICROS = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' } as const;

/** A column of each type that is read: its cells as they are stored, and in plain form. */
const COLUMNS: { element: SchemaElement; cells: unknown[]; plain: unknown[] }[] = [
  { element: { name: 'flag', type: 'BOOLEAN', ...OPTIONAL }, cells: [true, false, null], plain: [true, false, null] },
  {
    element: { name: 'small', type: 'INT32', ...OPTIONAL },
    cells: [-7, 2 ** 31 - 1, null],
    plain: [-7, 2 ** 31 - 1, null],
  },
  {
    element: { name: 'big', type: 'INT64', ...OPTIONAL },
    cells: [5n, 9_007_199_254_740_993n, null],
    plain: [5, '9007199254740993', null],
  },
  {
    element: { name: 'float', type: 'FLOAT', ...OPTIONAL },
    cells: [Math.fround(0.1), -0, null],
    plain: [Math.fround(0.1), -0, null],
  },
  { element: { name: 'double', type: 'DOUBLE', ...OPTIONAL }, cells: [0.1, 1e300, null], plain: [0.1, 1e300, null] },
  {
    element: {
      name: 'byte',
      type: 'INT32',
      logical_type: { type: 'INTEGER', bitWidth: 8, isSigned: false },
      ...OPTIONAL,
    },
    cells: [200, 0, null],
    plain: [200, 0, null],
  },
  {
    element: { name: 'text', type: 'BYTE_ARRAY', converted_type: 'UTF8', ...OPTIONAL },
    cells: ['é', '', null],
    plain: ['é', '', null],
  },
  {
    element: { name: 'day', type: 'INT32', converted_type: 'DATE', ...OPTIONAL },
    cells: [20_000, -1, null],
    plain: ['2024-10-04', '1969-12-31', null],
  },
  {
    element: { name: 'at', type: 'INT64', logical_type: MICROS, ...OPTIONAL },
    cells: [1_700_000_000_123_456n, 0n, null],
    plain: ['2023-11-14T22:13:20.123Z', '1970-01-01T00:00:00.000Z', null],
  },
];

function writeTypes(path: string): void {
  parquetWriteFile({
    filename: path,
    schema: [{ name: 'root', num_children: COLUMNS.length }, ...COLUMNS.map(({ element }) => element)],
    columnData: COLUMNS.map(({ element, cells }) => ({ name: element.name, data: cells })),
    rowGroupSize: 2,
  });
}

test('reads columns of every simple type, over row groups, in batches', async () => {
  const path = folder.path('types.parquet');
  writeTypes(path);
  const source = await openParquet(path);
  expect(source.columns.map(({ name }) => name)).toEqual(COLUMNS.map(({ element }) => element.name));
  const batches = [];
  for await (const batch of source.batches(2)) batches.push(batch);
  expect(batches.map((batch) => batch.map(({ number }) => number))).toEqual([[1, 2], [3]]);
  expect(source.share()).toBe(1);
  const rows = batches.flat();
  for (const [i, { cells, plain }] of COLUMNS.entries()) {
    expect(rows.map((row) => row.cells[i])).toEqual(cells);
    expect(rows.map((row) => source.columns[i]!.plain(row.cells[i]))).toEqual(plain);
  }
});

test('writes what it read again without loss, and the same types', async () => {
  const [from, to] = [folder.path('from.parquet'), folder.path('to.parquet')];
  writeTypes(from);
  const source = await openParquet(from);
  const sink = await createParquetSink(to, source.columns);
  for await (const batch of source.batches(10)) await sink.write(batch.map(({ cells }) => cells));
  await sink.finish();
  const again = await openParquet(to);
  const rows = [];
  for await (const batch of again.batches(10)) rows.push(...batch);
  for (const [i, { cells }] of COLUMNS.entries()) expect(rows.map((row) => row.cells[i])).toEqual(cells);
  const [, ...schema] = (await parquetMetadataAsync(await asyncBufferFromFile(to))).schema;
  // See parquet-column.ts on the logical type of whole numbers.
  const written = ({ logical_type: logical, ...element }: SchemaElement): object =>
    logical?.type === 'INTEGER'
      ? { ...element, converted_type: 'UINT_8' }
      : { ...element, ...(logical && { logical_type: logical }) };
  expect(schema).toEqual(COLUMNS.map(({ element }) => written(element)));
});

test('writes columns that have no type as texts, an empty one as null, over several row groups', async () => {
  const path = folder.path('texts.parquet');
  const sink = await createParquetSink(path, [{ name: 'a', plain: asPlain }]);
  const count = 45_000;
  for (let i = 0; i < count; i += 500) {
    await sink.write(Array.from({ length: 500 }, (_, k) => [i + k === 3 ? '' : `text ${i + k}`]));
  }
  await sink.finish();
  const file = await asyncBufferFromFile(path);
  expect((await parquetMetadataAsync(file)).row_groups.length).toBeGreaterThan(1);
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(count);
  expect(rows[3]).toEqual({ a: null });
  expect(rows.at(-1)).toEqual({ a: `text ${count - 1}` });
});

test('a file of no rows is one', async () => {
  const path = folder.path('empty.parquet');
  const sink = await createParquetSink(path, [{ name: 'a', plain: asPlain }]);
  await sink.finish();
  const source = await openParquet(path);
  expect(await source.batches(5).next()).toMatchObject({ done: true });
});

test('refuses what is no Parquet, and columns it cannot carry over, by name', async () => {
  const path = folder.path('other.parquet');
  await writeFile(path, 'a,b\n1,2\n3,4\n');
  await expect(openParquet(path)).rejects.toThrow(/other\.parquet cannot be read as Parquet: /);
  parquetWriteFile({ filename: path, columnData: [{ name: 'anything', type: 'JSON', data: [{ a: 1 }] }] });
  await expect(openParquet(path)).rejects.toThrow(
    /other\.parquet: column "anything" is a JSON, which is not read; make it/,
  );
});
