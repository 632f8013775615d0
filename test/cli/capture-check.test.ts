import { copyFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkCapture } from '../../cli/capture/check-capture.js';
import { describeCheck } from '../../cli/commands/capture.js';
import { listSegments } from '../../core/spool/list-segments.js';
import { createDatabase } from '../helpers/postgres.js';
import { createSpoolRoot, openCapture } from '../service/capture/fixture.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
let place: Awaited<ReturnType<typeof createSpoolRoot>>;
beforeEach(async () => {
  database = await createDatabase();
  place = await createSpoolRoot();
});
afterEach(async () => {
  await database.drop();
  await place.remove();
});

const ALL = { from: new Date(0), to: new Date('2100-01-01') };
const check = (range = ALL) => checkCapture(database.pool, [place.root], range);

test('finds what is stored and what is in the spool, and nothing missing', async () => {
  const capture = await openCapture(database.pool, place.root);
  await capture.acknowledge(5);
  expect(await check()).toMatchObject({ accepted: 5, stored: 0, spooled: 5, missing: 0 });
  await capture.start();
  await capture.stored();
  await capture.acknowledge(2);
  const both = await check();
  expect([both.accepted, both.stored + both.spooled, both.missing]).toEqual([7, 7, 0]);
  await capture.stored();
  expect(await check()).toEqual({ accepted: 7, stored: 7, spooled: 0, missing: 0, gaps: [], wrongBatches: [] });
  expect(describeCheck(await check())).toEqual([
    'accepted 7 = stored 7 + spooled 0 + missing 0',
    'every answered prediction is accounted for',
  ]);
  await capture.close();
});

test('a row that is stored and still in the spool counts once', async () => {
  const capture = await openCapture(database.pool, place.root);
  await capture.acknowledge(4);
  const [segment] = await listSegments(place.root);
  const copy = join(place.root, 'copy', 'a.segment');
  await mkdir(dirname(copy));
  await copyFile(segment!, copy);
  await capture.start();
  await capture.stored();
  expect(await check()).toMatchObject({ accepted: 4, stored: 4, spooled: 0, missing: 0 });
  await rm(dirname(copy), { recursive: true });
  await capture.close();
});

test('says which rows are missing, and when they were answered', async () => {
  let now = Date.UTC(2026, 0, 31, 12);
  const capture = await openCapture(database.pool, place.root, { now: () => now });
  await capture.start();
  for (let minute = 0; minute < 3; minute++) {
    await capture.acknowledge(10);
    await capture.stored();
    now += 60_000;
  }
  await capture.close();
  // As if the second part had never reached Postgres.
  await database.pool.query(
    'delete from predictions where batch_id = (select batch_id from capture_batches order by 1 offset 1 limit 1)',
  );
  await database.pool.query(
    'delete from capture_batches where batch_id = (select batch_id from capture_batches order by 1 offset 1 limit 1)',
  );
  await database.pool.query(`update capture_parts set end_row = 10, last_requested_at = '2026-01-31T12:00:00Z'`);
  await database.pool.query(
    `insert into capture_parts select spool_id, 20, 30, '2026-01-31T12:02:00Z', '2026-01-31T12:02:00Z' from capture_parts`,
  );
  const found = await check();
  expect(found).toMatchObject({ accepted: 30, stored: 20, missing: 10 });
  expect(describeCheck(found)[1]).toMatch(
    /^missing: rows 10 to 19 of spool [0-9a-f-]{36}, answered between 2026-01-31T12:00:00.000Z and 2026-01-31T12:02:00.000Z$/,
  );
  expect(await check({ from: new Date(0), to: new Date('2026-01-31T12:00:00Z') })).toMatchObject({ missing: 0 });
  expect(await check({ from: new Date('2026-01-31T12:03:00Z'), to: ALL.to })).toMatchObject({
    accepted: 0,
    missing: 0,
  });
});

test('sees rows that were deleted from Postgres after they were stored', async () => {
  const capture = await openCapture(database.pool, place.root);
  await capture.start();
  const [id] = await capture.acknowledge(3);
  await capture.stored();
  await capture.close();
  await database.pool.query('delete from predictions where prediction_id = $1', [id]);
  const found = await check();
  expect(found.wrongBatches).toMatchObject([{ claimed: 3, found: 2 }]);
  expect(describeCheck(found).at(-1)).toMatch(/with 3 rows, holds 2: rows were deleted/);
});
