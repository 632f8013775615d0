import { expect, test } from 'vitest';
import { createTupleWriter } from '../../../core/postgres/tuple-writer.js';
import type { RequestSource } from '../../../core/request-source.js';
import { encodeRecords, type NewRecord, parseRecord, recordIds, splitRows } from '../../../core/spool/record.js';

const id = (n: number): string => `019ab3f2-7c00-7000-8000-${String(n).padStart(12, '0')}`;

function record(modelName: string, ids: number[], times: [number, number], source: RequestSource = 'live'): NewRecord {
  const writer = createTupleWriter();
  for (const n of ids) {
    writer.tuple(2);
    writer.uuid(id(n));
    writer.text('x'.repeat(n));
  }
  return {
    modelName,
    modelVersion: 1,
    source,
    rows: ids.length,
    firstMs: times[0],
    lastMs: times[1],
    tuples: writer.take(),
  };
}

function decode(bytes: Buffer) {
  const found = [];
  for (let at = 0; at < bytes.length; at = found.at(-1)!.end) {
    const next = parseRecord(bytes, at, 0);
    if (!('tuples' in next)) throw new Error(JSON.stringify(next));
    found.push(next);
  }
  return found;
}

test('requests of one model version that share a write become one record; another version begins a new one', () => {
  const bytes = encodeRecords(
    [record('a', [1, 2], [50, 60]), record('a', [3], [40, 40]), record('b', [4], [70, 70]), record('a', [5], [80, 80])],
    100,
  );
  const records = decode(bytes);
  expect(
    records.map(({ modelName, rows, firstRow, firstMs, lastMs }) => [modelName, rows, firstRow, firstMs, lastMs]),
  ).toEqual([
    ['a', 3, 100, 40, 60],
    ['b', 1, 103, 70, 70],
    ['a', 1, 104, 80, 80],
  ]);
  expect(records.map(recordIds)).toEqual([[id(1), id(2), id(3)], [id(4)], [id(5)]]);
});

test('rows of a file do not share a record with live ones, and say so however they are split', () => {
  const [live, batch] = [record('a', [1], [1, 1]), record('a', [2, 3], [1, 1], 'batch')];
  const records = decode(encodeRecords([live, batch, live], 0));
  expect(records.map(({ source, rows }) => [source, rows])).toEqual([
    ['live', 1],
    ['batch', 2],
    ['live', 1],
  ]);
  expect(splitRows(records[1]!).map(({ source }) => source)).toEqual(['batch', 'batch']);
});

test('a record is split into its rows, each with its number', () => {
  const [whole] = decode(encodeRecords([record('a', [7, 8, 9], [1, 2])], 10));
  const rows = splitRows(whole!);
  expect(rows.map(({ rows, firstRow }) => [rows, firstRow])).toEqual([
    [1, 10],
    [1, 11],
    [1, 12],
  ]);
  expect(rows.map(recordIds)).toEqual([[id(7)], [id(8)], [id(9)]]);
  expect(Buffer.concat(rows.map(({ tuples }) => tuples))).toEqual(whole!.tuples);
});

test('a record that is cut off says how many bytes it needs, and one that was changed that it is damaged', () => {
  const bytes = encodeRecords([record('a', [1], [1, 1])], 0);
  expect(parseRecord(bytes.subarray(0, 5), 0, 0)).toEqual({ short: 8 });
  expect(parseRecord(bytes.subarray(0, 20), 0, 0)).toEqual({ short: bytes.length });
  bytes[bytes.length - 1]! ^= 1;
  expect(parseRecord(bytes, 0, 0)).toEqual({ damaged: bytes.length });
});
