import { afterAll, beforeAll, expect, test } from 'vitest';
import { withTransaction } from '../../../core/postgres/pool.js';
import { rebaseline } from '../../../core/registry/rebaseline.js';
import { loadChampion } from '../../../core/registry/versions.js';
import { createDatabase } from '../../helpers/postgres.js';
import { smallRows } from '../../helpers/project.js';
import { addLabelled, addSmallModel } from '../../trainer/harness.js';

let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('rows of a window that looks like broken data do not become the reference', async () => {
  const { pool } = database;
  await addSmallModel(pool, 'rebased');
  const champion = (await loadChampion(pool, 'rebased'))!;
  const first = await addLabelled(pool, { name: 'rebased', version: 1, rows: smallRows(400, 61) });
  const accept = () =>
    withTransaction(pool, (client) =>
      rebaseline(client, { champion, rows: 1000, decidedBy: 'test', reason: 'the new population' }),
    );
  const breakUntil = (seconds: number) =>
    pool.query(
      `insert into drift_windows (model_name, model_version, window_start, window_end, row_count, verdict, decided_at, cause)
       values ('rebased', 1, $1, $2, 300, 'ok', now(), '{"kind": "broken-data"}')
       on conflict (model_name, model_version, window_name, segment, window_start) do update set window_end = $2`,
      [first, new Date(first.getTime() + seconds * 1000)],
    );
  await breakUntil(300);
  await expect(accept()).rejects.toThrow('has 100 live rows outside windows that look like broken data');
  await breakUntil(150);
  await accept();
  expect((await loadChampion(pool, 'rebased'))!.lineage).toMatchObject({
    rebaselined: { rows: 250, from: new Date(first.getTime() + 150_000).toISOString() },
  });
});
