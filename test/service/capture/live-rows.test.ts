import { copyFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPool } from '../../../core/postgres/pool.js';
import { listSegments } from '../../../core/spool/list-segments.js';
import { createDatabase } from '../../helpers/postgres.js';
import { createSpoolRoot, openCapture } from './fixture.js';

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

async function ship(): Promise<unknown> {
  const capture = await openCapture(database.pool, place.root);
  await capture.start();
  await capture.stored();
  await capture.close();
  const { rows } = await database.pool.query(
    'select sum(row_count)::int as rows, sum(live_row_count)::int as live from capture_batches',
  );
  return rows[0];
}

test('a batch says how many of its rows are live ones, also when it is sent again', async () => {
  const onError = (): void => undefined;
  const away = createPool({ connectionString: 'postgres://x@127.0.0.1:1/x', applicationName: 'test', onError });
  const capture = await openCapture(away, place.root);
  await capture.acknowledge(10);
  await capture.acknowledge(20, { source: 'batch' });
  await capture.close();
  await away.end();
  const [segment] = await listSegments(place.root);
  const again = `${place.root}/again`;
  await copyFile(segment!, again);
  expect(await ship()).toEqual({ rows: 30, live: 10 });

  // Half of it is gone from Postgres, as when a commit was lost.
  await database.pool.query(`delete from predictions where source = 'live'`);
  await database.pool.query('truncate capture_batches');
  await mkdir(dirname(segment!), { recursive: true });
  await copyFile(again, segment!);
  expect(await ship()).toEqual({ rows: 10, live: 10 });
});
