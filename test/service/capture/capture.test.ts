import { open, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listSegments, SEGMENT_SUFFIX } from '../../../core/spool/list-segments.js';
import { countRows, openCapture } from './fixture.js';
import { setStage } from './stage.js';

const stage = setStage();

test('stores what it acknowledged, once, with its text unharmed, and leaves nothing on disk', async () => {
  const capture = await stage.ship();
  const ids = (await Promise.all(Array.from({ length: 50 }, () => capture.acknowledge(3)))).flat();
  await capture.stored();
  expect(await countRows(stage.pool, ids)).toEqual({ rows: 150, ids: 150, inBatches: 150 });
  const { rows } = await stage.pool.query('select * from predictions where prediction_id = $1', [ids[0]]);
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
  expect(await readdir(stage.root)).toEqual([]);
});

test('rows of several model versions that are shipped together have a batch each', async () => {
  const capture = await stage.ship();
  await Promise.all(['a', 'b', 'a'].map((modelName) => capture.acknowledge(2, { modelName })));
  await capture.stored();
  const { rows } = await stage.pool.query(
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
  const capture = await stage.ship();
  const [id] = await capture.acknowledge(1, { errorClass: 'RangeError' });
  await capture.stored();
  const { rows } = await stage.pool.query('select * from predictions where prediction_id = $1', [id]);
  expect(rows[0]).toMatchObject({ error_class: 'RangeError', label: null, scores: null, value: null });
  await capture.close();
});

test('a process notes all it stores in one row, however many transactions it took', async () => {
  const capture = await stage.ship();
  for (let part = 0; part < 4; part++) {
    await capture.acknowledge(5);
    await capture.stored();
  }
  await capture.close();
  const { rows } = await stage.pool.query(
    'select first_row, end_row, last_requested_at = (select max(requested_at) from predictions) as last from capture_parts',
  );
  expect(rows).toEqual([{ first_row: 0, end_row: 20, last: true }]);
});

test('counts the rows of a record that the disk damaged while the process lives, and waits for them no longer', async () => {
  const capture = await openCapture(stage.pool, stage.root);
  const ids: string[] = [];
  for (let request = 0; request < 3; request++) ids.push(...(await capture.acknowledge(2)));
  const [segment] = await listSegments(stage.root);
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

test('a clock that jumps back changes nothing', async () => {
  let now = Date.now();
  const capture = await openCapture(stage.pool, stage.root, { now: () => now });
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
  expect(await countRows(stage.pool, ids)).toEqual({ rows: 20, ids: 20, inBatches: 20 });
  await capture.close();
});

test('sets aside the one row that Postgres refuses, stores all others, and can ship it later', async () => {
  await stage.pool.query(`alter table predictions add constraint no_oaks check (label <> 'oak')`);
  const capture = await stage.ship();
  // Of these, some share a record with the bad one.
  const ids = await Promise.all(
    Array.from({ length: 41 }, (_, i) => capture.acknowledge(1, i === 20 ? { label: 'oak' } : {})),
  );
  const [bad] = ids[20]!;
  const good = ids.flat().filter((id) => id !== bad);
  await capture.stored();
  expect((await countRows(stage.pool, good)).rows).toBe(40);
  expect(await capture.metric('capture_rows_total{result="rejected"}')).toBe(1);
  expect(await capture.metric('capture_rows_total{result="stored"}')).toBe(40);
  await capture.close();
  const [folder] = await readdir(stage.root);
  const rejected = (await readdir(join(stage.root, folder!))).filter((name) => name.endsWith('.rejected'));
  expect(rejected).toHaveLength(1);
  // What was set aside is a segment: named as one it is shipped once Postgres takes it.
  await stage.pool.query('alter table predictions drop constraint no_oaks');
  const path = join(stage.root, folder!, rejected[0]!);
  await rename(path, path.replace('.rejected', SEGMENT_SUFFIX));
  const next = await stage.ship();
  await next.stored();
  expect(await countRows(stage.pool, [bad!])).toEqual({ rows: 1, ids: 1, inBatches: 41 });
  await next.close();
});

test('names the setting when the folder cannot be used', async () => {
  const file = join(stage.root, 'file');
  await writeFile(file, '');
  await expect(openCapture(stage.pool, file)).rejects.toThrow(
    /^the spool folder .*\/file cannot be used: .*; set SERVICE_SPOOL_FOLDER to another$/,
  );
});
