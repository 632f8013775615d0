import { appendFile, copyFile, mkdir, readdir, readFile, rename, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { listSegments, visitRecords } from '../../../core/spool/list-segments.js';
import { recordIds } from '../../../core/spool/record.js';
import { until } from '../../helpers/until.js';
import { countRows, openCapture } from './fixture.js';
import { setStage } from './stage.js';

const stage = setStage();

test('ships what dead processes left, several of them, and not what a live one is writing', async () => {
  const left = [await stage.leaveBehind(10), await stage.leaveBehind(5)].flatMap(({ ids }) => ids);
  const live = await openCapture(stage.away, stage.root);
  const kept = await live.acknowledge(3);
  const capture = await stage.ship();
  await capture.stored();
  expect(await countRows(stage.pool, left)).toEqual({ rows: 30, ids: 30, inBatches: 30 });
  expect((await countRows(stage.pool, kept)).rows).toBe(0);
  expect(await capture.metric('capture_rows_total{result="adopted"}')).toBe(30);
  await live.close();
  await capture.close();
  const last = await stage.ship();
  await last.stored();
  expect((await countRows(stage.pool, kept)).rows).toBe(3);
  await last.close();
});

test('two processes that start at once share what a dead one left without storing it twice', async () => {
  const { ids } = await stage.leaveBehind(40);
  const both = await Promise.all([stage.ship(), stage.ship()]);
  await until('all to be stored', async () => (await countRows(stage.pool, ids)).rows === 80);
  for (const capture of both) await capture.close();
  expect(await countRows(stage.pool, ids)).toEqual({ rows: 80, ids: 80, inBatches: 80 });
});

test.each([
  ['a record cut short', (path: string, size: number) => truncate(path, size - 5), 2],
  ['a length and no record', (path: string) => appendFile(path, Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 5])), 0],
  ['half a length', (path: string) => appendFile(path, Buffer.from([1, 0])), 0],
  ['zeros', (path: string) => appendFile(path, Buffer.alloc(4_096)), 0],
  ['noise', (path: string) => appendFile(path, Buffer.alloc(50, 0xab)), 0],
])('cuts a torn tail and counts it: %s', async (_what, tear, lostRows) => {
  const { ids, segment } = await stage.leaveBehind(10);
  await tear(segment, (await stat(segment)).size);
  const capture = await stage.ship();
  await capture.stored();
  expect(await capture.metric('capture_torn_tails_total')).toBe(1);
  expect(await capture.metric('capture_torn_bytes_total')).toBeGreaterThan(0);
  const whole = ids.slice(0, 20 - lostRows);
  await until('the whole records', async () => (await countRows(stage.pool, whole)).rows === whole.length);
  expect((await countRows(stage.pool, ids)).rows).toBe(whole.length);
  await capture.close();
  expect(await readdir(stage.root)).toEqual([]);
});

test('leaves out a damaged record in the middle, stores the others and keeps the file', async () => {
  const { ids, segment } = await stage.leaveBehind(10);
  const bytes = await readFile(segment);
  const at = bytes.indexOf(Buffer.from(ids[6]!.replaceAll('-', ''), 'hex'));
  bytes[at + 40] = bytes[at + 40]! ^ 1;
  await writeFile(segment, bytes);
  const capture = await stage.ship();
  await capture.stored();
  expect(await capture.metric('capture_damaged_records_total')).toBe(1);
  const { rows } = await stage.pool.query('select prediction_id as id from predictions order by 1');
  expect(rows.map((row) => row.id)).toEqual([...ids.slice(0, 6), ...ids.slice(8)].sort());
  const { rows: parts } = await stage.pool.query('select first_row, end_row from capture_parts order by 1');
  expect(parts).toEqual([
    { first_row: 0, end_row: 6 },
    { first_row: 8, end_row: 20 },
  ]);
  await capture.close();
  const [folder] = await readdir(stage.root);
  expect((await readdir(join(stage.root, folder!))).filter((name) => name.endsWith('.damaged'))).toHaveLength(1);
});

test('a segment that is shipped twice, whole or in part, is stored once', async () => {
  const { ids, segment, folder } = await stage.leaveBehind(30);
  const again = `${stage.root}/again`;
  await copyFile(segment, again);
  const first = await stage.ship();
  await first.stored();
  await first.close();
  // A part of it is gone from Postgres, as when the commit of a part was lost.
  await stage.pool.query('delete from predictions where prediction_id = any($1::uuid[])', [ids.slice(20, 30)]);
  await stage.pool.query('update capture_batches set row_count = row_count - 10');
  await mkdir(folder, { recursive: true });
  await copyFile(again, segment);
  const second = await stage.ship();
  await second.stored();
  expect(await countRows(stage.pool, ids)).toEqual({ rows: 60, ids: 60, inBatches: 60 });
  expect(await second.metric('capture_rows_total{result="duplicate"}')).toBe(50);
  expect(await second.metric('capture_rows_total{result="stored"}')).toBe(10);
  await second.close();
});

test('what is in the spool can be read by id, of this process and of others', async () => {
  const { ids } = await stage.leaveBehind(3);
  const capture = await openCapture(stage.away, stage.root);
  const [own] = await capture.acknowledge(1);
  expect(await capture.pending.find([own!, ids[2]!, ids[2]!.replace(/.$/, 'x')])).toEqual(new Set([own, ids[2]]));
  expect(await capture.pending.find([own!], 'other')).toEqual(new Set());
  const seen: string[] = [];
  await visitRecords(stage.root, (record) => seen.push(...recordIds(record)));
  expect(seen).toEqual([...ids, own]);
  await capture.close();
});

test('takes over a folder of this machine from before its last start, and leaves those of other machines alone', async () => {
  const { ids, folder } = await stage.leaveBehind(4);
  const [id, boot, host] = basename(folder).split('.');
  const foreign = join(stage.root, `${id}.00000000.00000000`);
  await rename(folder, foreign);
  const first = await stage.ship();
  expect((await countRows(stage.pool, ids)).rows).toBe(0);
  expect(await listSegments(foreign.replace(/\/[^/]*$/, ''))).toHaveLength(1);
  await first.close();
  expect(boot).not.toBe('00000000');
  await rename(foreign, join(stage.root, `${id}.00000000.${host}`));
  const second = await stage.ship();
  await second.stored();
  expect((await countRows(stage.pool, ids)).rows).toBe(8);
  await second.close();
});

test('a batch says how many of its rows are live ones, also when it is sent again', async () => {
  const { segment, folder } = await stage.leaveBehind(5, 20);
  const again = `${stage.root}/again`;
  await copyFile(segment, again);
  const batches = `select sum(row_count)::int as rows, sum(live_row_count)::int as live from capture_batches`;
  const first = await stage.ship();
  await first.stored();
  await first.close();
  expect((await stage.pool.query(batches)).rows).toEqual([{ rows: 30, live: 10 }]);
  await stage.pool.query(`delete from predictions where source = 'live'`);
  await stage.pool.query('truncate capture_batches');
  await mkdir(folder, { recursive: true });
  await copyFile(again, segment);
  const second = await stage.ship();
  await second.stored();
  expect((await stage.pool.query(batches)).rows).toEqual([{ rows: 10, live: 10 }]);
  await second.close();
});
