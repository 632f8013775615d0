import { expect, test } from 'vitest';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';
import { createEndedWorkers } from '../../../service/workers/ended-workers.js';
import { type Snapshot, sumSnapshots, takeSnapshot } from '../../../service/workers/sum-snapshots.js';

/** What a worker tells that answered rows of these versions, stored some, and has the rest in its spool. */
async function workerOf(rows: { accepted: number; stored: number; adopted?: number }, versions = [1]) {
  const metrics = createServiceMetrics({ waitingRows: () => 5 });
  metrics.capture.accepted(rows.accepted);
  metrics.capture.adopted({ rows: rows.adopted ?? 0, tornTails: 0, tornBytes: 0 });
  metrics.capture.stored({ stored: rows.stored, duplicates: 0 }, 0.1, 0.1);
  for (const version of versions) metrics.version('m', version).run(0.1, rows.accepted);
  return takeSnapshot(metrics.registry);
}

function read(snapshot: Snapshot, name: string, labels: Record<string, string> = {}): number | undefined {
  const metric = snapshot.find((each) => each.name === name);
  return metric?.values.find((value) => Object.entries(labels).every(([key, label]) => value.labels[key] === label))
    ?.value;
}
const rowsOf = (snapshot: Snapshot, result: string) => read(snapshot, 'capture_rows_total', { result });

test('what an ended worker left is adopted by another, and the balance of all holds', async () => {
  const ended = createEndedWorkers();
  ended.add(await workerOf({ accepted: 100, stored: 80 }));
  const live = [await workerOf({ accepted: 50, stored: 65, adopted: 20 })];
  const sum = sumSnapshots([...live, ended.sums(live)]);
  expect(['accepted', 'adopted', 'stored', 'left'].map((result) => rowsOf(sum, result))).toEqual([150, 20, 145, 20]);
  // 150 + 20 = 145 + 20 + 5 rows in the spool of the live one.
});

test('adds up over many ended workers, and keeps no gauges of theirs', async () => {
  const ended = createEndedWorkers();
  for (let i = 0; i < 3; i++) ended.add(await workerOf({ accepted: 10, stored: 10 }));
  const live = [await workerOf({ accepted: 1, stored: 1 })];
  const sums = ended.sums(live);
  expect([rowsOf(sums, 'accepted'), rowsOf(sums, 'left')]).toEqual([30, 0]);
  expect([read(sums, 'inference_queue_rows'), read(sums, 'model_info')]).toEqual([undefined, undefined]);
});

test('forgets model versions that nobody has any more', async () => {
  const ended = createEndedWorkers();
  ended.add(await workerOf({ accepted: 10, stored: 10 }, [1, 2]));
  const live = [await workerOf({ accepted: 1, stored: 1 }, [2])];
  const rows = ended.sums(live).find(({ name }) => name === 'inference_rows_total')!;
  expect(rows.values).toEqual([{ labels: { model_name: 'm', model_version: '2' }, value: 10 }]);
});
