import {
  appendFile,
  copyFile,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { createPool } from '../../../core/postgres/pool.js';
import { listSegments, SEGMENT_SUFFIX, visitRecords } from '../../../core/spool/list-segments.js';
import { recordIds } from '../../../core/spool/record.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { countRows, createSpoolRoot, openCapture, type TestCapture } from './fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let place: Awaited<ReturnType<typeof createSpoolRoot>>;
beforeEach(async () => {
  database = await createDatabase();
  place = await createSpoolRoot();
});
afterEach(async () => {
  await away.end();
  away = unreachable();
  await database.drop();
  await place.remove();
});
afterAll(() => away.end());

/** A pool whose server is not there. */
const unreachable = () =>
  createPool({ connectionString: 'postgres://x@127.0.0.1:1/x', applicationName: 'test', onError: () => undefined });
let away = unreachable();

/** Leaves rows behind as a process that was killed does: with a folder whose socket nobody listens on. */
async function leaveBehind(requests: number): Promise<{ ids: string[]; folder: string; segment: string }> {
  const capture = await openCapture(away, place.root);
  const ids: string[] = [];
  for (let request = 0; request < requests; request++) ids.push(...(await capture.acknowledge(2)));
  await capture.close();
  const [segment] = await listSegments(place.root);
  return { ids, folder: join(segment!, '..'), segment: segment! };
}

async function ship(): Promise<TestCapture> {
  const capture = await openCapture(database.pool, place.root);
  await capture.start();
  return capture;
}

test('stores what it acknowledged, once, with its text unharmed, and leaves nothing on disk', async () => {
  const capture = await ship();
  const ids = (await Promise.all(Array.from({ length: 50 }, () => capture.acknowledge(3)))).flat();
  await capture.stored();
  expect(await countRows(database.pool, ids)).toEqual({ rows: 150, ids: 150, inBatches: 150 });
  const { rows } = await database.pool.query('select * from predictions where prediction_id = $1', [ids[0]]);
  expect(rows[0]).toMatchObject({
    numeric_features: [null],
    categorical_features: ['x\n"y"\t\\é'],
    out_of_range: ['odd "name"'],
    label: 'a',
    scores: [0.1, 0.1],
    error_class: null,
    model_name: 'model',
    model_version: 1,
    source: 'live',
  });
  await capture.close();
  expect(await readdir(place.root)).toEqual([]);
});

test('rows of several model versions that are shipped together have a batch each', async () => {
  const capture = await ship();
  await Promise.all(['a', 'b', 'a'].map((modelName) => capture.acknowledge(2, { modelName })));
  await capture.stored();
  const { rows } = await database.pool.query(
    `select b.model_name as model, sum(b.row_count)::int as claimed,
            (select count(*)::int from predictions p join capture_batches c using (batch_id) where p.model_name = b.model_name and c.model_name = b.model_name) as found
       from capture_batches b group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { model: 'a', claimed: 4, found: 4 },
    { model: 'b', claimed: 2, found: 2 },
  ]);
  await capture.close();
});

test('a failed inference is stored with the class of its error and no answer', async () => {
  const capture = await ship();
  const [id] = await capture.acknowledge(1, { errorClass: 'RangeError' });
  await capture.stored();
  const { rows } = await database.pool.query('select * from predictions where prediction_id = $1', [id]);
  expect(rows[0]).toMatchObject({ error_class: 'RangeError', label: null, scores: null, value: null });
  await capture.close();
});

test('ships what dead processes left, several of them, and not what a live one is writing', async () => {
  const left = [await leaveBehind(10), await leaveBehind(5)].flatMap(({ ids }) => ids);
  const live = await openCapture(away, place.root);
  const kept = await live.acknowledge(3);
  const capture = await ship();
  await capture.stored();
  expect(await countRows(database.pool, left)).toEqual({ rows: 30, ids: 30, inBatches: 30 });
  expect((await countRows(database.pool, kept)).rows).toBe(0);
  expect(await capture.metric('capture_rows_total{result="adopted"}')).toBe(30);
  await live.close();
  await capture.close();
  const last = await ship();
  await last.stored();
  expect((await countRows(database.pool, kept)).rows).toBe(3);
  await last.close();
});

test('a process notes all it stores in one row, however many transactions it took', async () => {
  const capture = await ship();
  for (let part = 0; part < 4; part++) {
    await capture.acknowledge(5);
    await capture.stored();
  }
  await capture.close();
  const { rows } = await database.pool.query(
    'select first_row, end_row, last_requested_at = (select max(requested_at) from predictions) as last from capture_parts',
  );
  expect(rows).toEqual([{ first_row: 0, end_row: 20, last: true }]);
});

test('two processes that start at once share what a dead one left without storing it twice', async () => {
  const { ids } = await leaveBehind(40);
  const both = await Promise.all([ship(), ship()]);
  await until('all to be stored', async () => (await countRows(database.pool, ids)).rows === 80);
  for (const capture of both) await capture.close();
  expect(await countRows(database.pool, ids)).toEqual({ rows: 80, ids: 80, inBatches: 80 });
});

test.each([
  ['a record cut short', (path: string, size: number) => truncate(path, size - 5), 2],
  ['a length and no record', (path: string) => appendFile(path, Buffer.from([200, 0, 0, 0, 1, 2, 3, 4, 5])), 0],
  ['half a length', (path: string) => appendFile(path, Buffer.from([1, 0])), 0],
  ['zeros', (path: string) => appendFile(path, Buffer.alloc(4_096)), 0],
  ['noise', (path: string) => appendFile(path, Buffer.alloc(50, 0xab)), 0],
])('cuts a torn tail and counts it: %s', async (_what, tear, lostRows) => {
  const { ids, segment } = await leaveBehind(10);
  await tear(segment, (await stat(segment)).size);
  const capture = await ship();
  await capture.stored();
  expect(await capture.metric('capture_torn_tails_total')).toBe(1);
  expect(await capture.metric('capture_torn_bytes_total')).toBeGreaterThan(0);
  const whole = ids.slice(0, 20 - lostRows);
  await until('the whole records', async () => (await countRows(database.pool, whole)).rows === whole.length);
  expect((await countRows(database.pool, ids)).rows).toBe(whole.length);
  await capture.close();
  expect(await readdir(place.root)).toEqual([]);
});

test('leaves out a damaged record in the middle, stores the others and keeps the file', async () => {
  const { ids, segment } = await leaveBehind(10);
  const bytes = await readFile(segment);
  const at = bytes.indexOf(Buffer.from(ids[6]!.replaceAll('-', ''), 'hex'));
  bytes[at + 40] = bytes[at + 40]! ^ 1;
  await writeFile(segment, bytes);
  const capture = await ship();
  await capture.stored();
  expect(await capture.metric('capture_damaged_records_total')).toBe(1);
  const { rows } = await database.pool.query('select prediction_id as id from predictions order by 1');
  expect(rows.map((row) => row.id)).toEqual([...ids.slice(0, 6), ...ids.slice(8)].sort());
  const { rows: parts } = await database.pool.query('select first_row, end_row from capture_parts order by 1');
  expect(parts).toEqual([
    { first_row: 0, end_row: 6 },
    { first_row: 8, end_row: 20 },
  ]);
  await capture.close();
  const [folder] = await readdir(place.root);
  expect((await readdir(join(place.root, folder!))).filter((name) => name.endsWith('.damaged'))).toHaveLength(1);
});

test('counts the rows of a record that the disk damaged while the process lives, and waits for them no longer', async () => {
  const capture = await openCapture(database.pool, place.root);
  const ids: string[] = [];
  for (let request = 0; request < 3; request++) ids.push(...(await capture.acknowledge(2)));
  const [segment] = await listSegments(place.root);
  const file = await open(segment!, 'r+');
  const at = (await file.readFile()).indexOf(Buffer.from(ids[2]!.replaceAll('-', ''), 'hex'));
  await file.write(Buffer.from('broken'), 0, 6, at + 40);
  await file.close();
  await capture.start();
  await capture.stored();
  const results = ['accepted', 'stored', 'damaged', 'rejected'];
  const counts = await Promise.all(results.map((result) => capture.metric(`capture_rows_total{result="${result}"}`)));
  expect(counts).toEqual([6, 4, 2, 0]);
  const started = performance.now();
  await capture.pending.settle();
  expect(performance.now() - started).toBeLessThan(500);
  await capture.close();
});

test('a segment that is shipped twice, whole or in part, is stored once', async () => {
  const { ids, segment, folder } = await leaveBehind(30);
  const again = `${place.root}/again`;
  await copyFile(segment, again);
  const first = await ship();
  await first.stored();
  await first.close();
  // A part of it is gone from Postgres, as when the commit of a part was lost.
  await database.pool.query('delete from predictions where prediction_id = any($1::uuid[])', [ids.slice(20, 30)]);
  await database.pool.query('update capture_batches set row_count = row_count - 10');
  await mkdir(folder);
  await copyFile(again, segment);
  const second = await ship();
  await second.stored();
  expect(await countRows(database.pool, ids)).toEqual({ rows: 60, ids: 60, inBatches: 60 });
  expect(await second.metric('capture_rows_total{result="duplicate"}')).toBe(50);
  expect(await second.metric('capture_rows_total{result="stored"}')).toBe(10);
  await second.close();
});

test('a clock that jumps back changes nothing', async () => {
  let now = Date.now();
  const capture = await openCapture(database.pool, place.root, { now: () => now });
  await capture.start();
  const ids = await capture.acknowledge(5);
  now -= 3_600_000;
  ids.push(...(await capture.acknowledge(5)));
  expect(await capture.metric('capture_oldest_record_age_seconds')).toBe(0);
  await capture.stored();
  now += 7_200_000;
  ids.push(...(await capture.acknowledge(5)));
  now -= 7_200_000;
  ids.push(...(await capture.acknowledge(5)));
  await capture.stored();
  expect(new Set(ids).size).toBe(20);
  expect(await countRows(database.pool, ids)).toEqual({ rows: 20, ids: 20, inBatches: 20 });
  await capture.close();
});

test('sets aside the one row that Postgres refuses, stores all others, and can ship it later', async () => {
  await database.pool.query(`alter table predictions add constraint no_oaks check (label <> 'oak')`);
  const capture = await ship();
  // Of these, some share a record with the bad one.
  const ids = await Promise.all(
    Array.from({ length: 41 }, (_, i) => capture.acknowledge(1, i === 20 ? { label: 'oak' } : {})),
  );
  const [bad] = ids[20]!;
  const good = ids.flat().filter((id) => id !== bad);
  await capture.stored();
  expect((await countRows(database.pool, good)).rows).toBe(40);
  expect(await capture.metric('capture_rows_total{result="rejected"}')).toBe(1);
  expect(await capture.metric('capture_rows_total{result="stored"}')).toBe(40);
  await capture.close();
  const [folder] = await readdir(place.root);
  const rejected = (await readdir(join(place.root, folder!))).filter((name) => name.endsWith('.rejected'));
  expect(rejected).toHaveLength(1);
  // What was set aside is a segment: named as one it is shipped once Postgres takes it.
  await database.pool.query('alter table predictions drop constraint no_oaks');
  const path = join(place.root, folder!, rejected[0]!);
  await rename(path, path.replace('.rejected', SEGMENT_SUFFIX));
  const next = await ship();
  await next.stored();
  expect(await countRows(database.pool, [bad!])).toEqual({ rows: 1, ids: 1, inBatches: 41 });
  await next.close();
});

test('what is in the spool can be read by id, of this process and of others', async () => {
  const { ids } = await leaveBehind(3);
  const capture = await openCapture(away, place.root);
  const [own] = await capture.acknowledge(1);
  expect(await capture.pending.find([own!, ids[2]!, ids[2]!.replace(/.$/, 'x')])).toEqual(new Set([own, ids[2]]));
  expect(await capture.pending.find([own!], 'other')).toEqual(new Set());
  const seen: string[] = [];
  await visitRecords(place.root, (record) => seen.push(...recordIds(record)));
  expect(seen).toEqual([...ids, own]);
  await capture.close();
});

test('takes over a folder of this machine from before its last start, and leaves those of other machines alone', async () => {
  const { ids, folder } = await leaveBehind(4);
  const [id, boot, host] = basename(folder).split('.');
  const foreign = join(place.root, `${id}.00000000.00000000`);
  await rename(folder, foreign);
  const first = await ship();
  expect((await countRows(database.pool, ids)).rows).toBe(0);
  expect(await listSegments(foreign.replace(/\/[^/]*$/, ''))).toHaveLength(1);
  await first.close();
  expect(boot).not.toBe('00000000');
  await rename(foreign, join(place.root, `${id}.00000000.${host}`));
  const second = await ship();
  await second.stored();
  expect((await countRows(database.pool, ids)).rows).toBe(8);
  await second.close();
});

test('names the setting when the folder cannot be used', async () => {
  const file = join(place.root, 'file');
  await writeFile(file, '');
  await expect(openCapture(database.pool, file)).rejects.toThrow(
    /^the spool folder .*\/file cannot be used: .*; set SERVICE_SPOOL_FOLDER to another$/,
  );
});
