import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCsvSink } from '../../../../cli/predict/files/csv-sink.js';
import { openCsv } from '../../../../cli/predict/files/csv-source.js';
import { asPlain, type SourceRow } from '../../../../cli/predict/files/row-file.js';
import { parseCsv } from '../../../../core/csv.js';
import { createFolder } from '../fixture.js';

let folder: Awaited<ReturnType<typeof createFolder>>;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => folder.remove());

async function read(text: string, rows = 2): Promise<{ names: string[]; batches: SourceRow[][]; share: number }> {
  const path = folder.path('read.csv');
  await writeFile(path, text);
  const source = await openCsv(path);
  const batches: SourceRow[][] = [];
  try {
    for await (const batch of source.batches(rows)) batches.push(batch);
    return { names: source.columns.map(({ name }) => name), batches, share: source.share() };
  } finally {
    await source.close();
  }
}

test.each([
  ['commas, a mark at the beginning, CRLF, quotes', '\ufeffa,b\r\n1,"x, ""y"""\r\n\r\n2,\r\n3," z "'],
  ['semicolons and spaces', 'a ; b\n1 ;"x, ""y"""\n2;\n3;" z "\n'],
])('reads %s as the whole-file reader does', async (_, text) => {
  const { names, batches, share } = await read(text);
  expect(names).toEqual(['a', 'b']);
  expect(batches.map((batch) => batch.length)).toEqual([2, 1]);
  expect(batches.flat()).toEqual([
    { number: 1, cells: ['1', 'x, "y"'] },
    { number: 2, cells: ['2', ''] },
    { number: 3, cells: ['3', ' z '] },
  ]);
  expect(share).toBe(1);
});

test('a row of another length has a problem, and the rows after it none', async () => {
  const { batches } = await read('a,b\n1\n1,2\n1,2,3\n4,5', 10);
  expect(batches).toEqual([
    [
      { number: 1, cells: ['1', null], problem: 'has 1 cells, wanted 2 as in the header' },
      { number: 2, cells: ['1', '2'] },
      { number: 3, cells: ['1', '2'], problem: 'has 3 cells, wanted 2 as in the header' },
      { number: 4, cells: ['4', '5'] },
    ],
  ]);
});

test('a quote within an unquoted cell is a part of it', async () => {
  expect((await read('a,b\n5" pipe,2\n')).batches).toEqual([[{ number: 1, cells: ['5" pipe', '2'] }]]);
});

test('a header without rows is a file of no rows; no header, and an open quote, are errors with the name of the file', async () => {
  expect(await read('a,b\n')).toMatchObject({ names: ['a', 'b'], batches: [] });
  await expect(read('')).rejects.toThrow(/read\.csv is empty; its first line names the columns/);
  await expect(read('a,b\n1,2\n3,"4\n5,6\n')).rejects.toThrow(/read\.csv: .*quote/i);
});

test('what is written reads as it was', async () => {
  const path = folder.path('written.csv');
  const columns = ['a', 'b, c'].map((name) => ({ name, plain: asPlain }));
  const sink = await createCsvSink(path, columns);
  const rows = [
    [' x ', 0.1],
    ['"y"\n', null],
  ];
  for (const row of rows) await sink.write([row]);
  await sink.finish();
  expect(parseCsv(await readFile(path, 'utf8'), path)).toEqual({
    columns: ['a', 'b, c'],
    rows: [
      { a: ' x ', 'b, c': '0.1' },
      { a: '"y"\n', 'b, c': '' },
    ],
  });

  const empty = await createCsvSink(path, columns);
  await empty.finish();
  expect(await readFile(path, 'utf8')).toBe('a,"b, c"\n');
});
