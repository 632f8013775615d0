import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkCapture } from '../../../cli/capture/check-capture.js';
import { describeCheck } from '../../../cli/commands/capture.js';
import { loadStoredRow } from '../../../cli/replay/stored-row.js';
import { listSegments } from '../../../core/spool/list-segments.js';
import { dropDay } from '../../../monitor/retention/drop-day.js';
import { sweepDependents } from '../../../monitor/retention/sweep.js';
import { storeOutcomes } from '../../../service/outcomes/store-outcomes.js';
import { findPrediction } from '../../../service/predictions/load-prediction.js';
import { createDatabase } from '../../helpers/postgres.js';
import { until } from '../../helpers/until.js';
import { countRows, createSpoolRoot, openCapture } from './fixture.js';

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

const THEN = Date.UTC(2025, 2, 5, 12);
const LATER = Date.UTC(2025, 2, 20, 12);
const drop = async (): Promise<void> => {
  await database.pool.query('update capture_batches set summarised_at = now()');
  expect(await dropDay(database.pool, '2025-03-05', new Date(LATER))).toEqual({ rows: 4 });
  await sweepDependents(database.pool, new Date(LATER), 2);
};

test('rows of a dropped day that are sent again are known by their numbers; those that never came are stored', async () => {
  const writer = await openCapture(database.pool, place.root, { now: () => THEN });
  const ids = await writer.acknowledge(4);
  const [segment] = await listSegments(place.root);
  const again = join(place.root, 'again');
  await copyFile(segment!, again);
  await writer.start();
  await writer.stored();
  await writer.close();
  await drop();
  // As if the end of the process had come between storing and deleting, and the next start after retention.
  await mkdir(dirname(segment!));
  await copyFile(again, segment!);
  const silentWriter = await openCapture(database.pool, place.root, { now: () => THEN });
  const late = await silentWriter.acknowledge(2);
  await silentWriter.close();
  const starter = await openCapture(database.pool, place.root, { now: () => LATER });
  await starter.start();
  const results = ['adopted', 'duplicate', 'stored'].map((result) => `capture_rows_total{result="${result}"}`);
  await until(
    'both to be shipped',
    async () => (await starter.metric(results[2]!)) + (await starter.metric(results[1]!)) === 6,
  );
  expect(await Promise.all(results.map(starter.metric))).toEqual([6, 4, 2]);
  await starter.close();
  expect(await countRows(database.pool, [...ids, ...late])).toEqual({ rows: 2, ids: 2, inBatches: 2 });
});

test('the check of the capture tells dropped rows from lost ones', async () => {
  let now = THEN;
  const capture = await openCapture(database.pool, place.root, { now: () => now });
  await capture.start();
  await database.pool.query(`select ensure_prediction_partition('2025-03-05')`);
  await capture.acknowledge(4);
  await capture.stored();
  now = LATER;
  await capture.acknowledge(3);
  await capture.stored();
  await capture.close();
  await drop();
  const range = { from: new Date(0), to: new Date('2100-01-01') };
  const found = await checkCapture(database.pool, [place.root], range);
  expect(found).toMatchObject({ accepted: 3, stored: 3, missing: 0, wrongBatches: [] });
  expect(describeCheck(found)).toEqual([
    'accepted 3 = stored 3 + spooled 0 + missing 0',
    'besides, 4 rows were stored and then dropped by retention, which keeps those from 2025-03-06T00:00:00.000Z on',
    'every answered prediction is accounted for',
  ]);
  // A row of the dropped day whose number is nowhere is a lost one still.
  await database.pool.query('update capture_parts set first_row = 2');
  expect(await checkCapture(database.pool, [place.root], range)).toMatchObject({ missing: 2 });
});

test('whoever asks for a dropped prediction, or brings its outcome, is told that it was dropped', async () => {
  const capture = await openCapture(database.pool, place.root, { now: () => THEN });
  const [id] = await capture.acknowledge(4);
  await capture.start();
  await capture.stored();
  await capture.close();
  await drop();
  const says = 'predictions before 2025-03-06T00:00:00.000Z are older than retention (MONITOR_RETENTION_DAYS)';
  await expect(loadStoredRow(database.pool, id!)).rejects.toThrow(says);
  const pending = { settle: async () => undefined, find: async () => new Set<string>() };
  await expect(findPrediction(database.pool, pending, id!)).rejects.toMatchObject({
    status: 410,
    message: expect.stringContaining(says),
  });
  const outcome = { predictionId: id!, actual: 'a', observedAt: new Date(LATER) };
  const late = storeOutcomes({ pool: database.pool, pending }, 'model', [outcome]);
  await expect(late).rejects.toMatchObject({
    details: { errors: [{ path: '/outcomes/0/prediction_id', message: expect.stringContaining(says) }] },
  });
});
