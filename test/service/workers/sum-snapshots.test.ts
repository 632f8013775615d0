import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';
import { sumSnapshots, takeSnapshot, toRegistry } from '../../../service/workers/sum-snapshots.js';

/** A process that has counted `n`. */
async function snapshotOf(n: number) {
  const registers = [new Registry()];
  const options = { help: 'help', registers };
  new Counter({ ...options, name: 'rows_total', labelNames: ['result', 'kind'] }).inc({ kind: 'x', result: 'ok' }, n);
  new Gauge({ ...options, name: 'waiting' }).set(n);
  new Gauge({ ...options, name: 'oldest_seconds', aggregator: 'max' }).set(n);
  new Gauge({ ...options, name: 'lag_seconds', aggregator: 'average' }).set(n);
  const histogram = new Histogram({ ...options, name: 'length_seconds', buckets: [1, 10] });
  histogram.observe(n);
  return takeSnapshot(registers[0]!);
}

test('adds what adds up, and takes the greatest of ages, facts and delays', async () => {
  const sum = sumSnapshots([await snapshotOf(3), await snapshotOf(20), await snapshotOf(0.5)]);
  const text = await toRegistry(sum, new Registry()).metrics();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toEqual([
    'rows_total{kind="x",result="ok"} 23.5',
    'waiting 23.5',
    'oldest_seconds 20',
    'lag_seconds 20',
    'length_seconds_bucket{le="1"} 1',
    'length_seconds_bucket{le="10"} 2',
    'length_seconds_bucket{le="+Inf"} 3',
    'length_seconds_sum 23.5',
    'length_seconds_count 3',
  ]);
});

test('leaves what it was given as it was', async () => {
  const one = await snapshotOf(1);
  const copy = structuredClone(one);
  sumSnapshots([one, await snapshotOf(2)]);
  expect(one).toEqual(copy);
});

test('the sum of one process is that process, and every family of the service survives being sent', async () => {
  const { registry } = createServiceMetrics({ waitingRows: () => 7 });
  const sent = JSON.parse(JSON.stringify(await takeSnapshot(registry)));
  const shown = await toRegistry(sumSnapshots([sent]), registry).metrics();
  const families = (text: string) => text.match(/^# TYPE \S+ \S+$/gm)!.sort();
  expect(families(shown)).toEqual(families(await registry.metrics()));
  expect(shown).toMatch(/^inference_queue_rows 7$/m);
});

/** A registry of the format that has exemplars. */
function openMetrics(): Registry {
  const registry = new Registry();
  (registry as { setContentType(type: string): void }).setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

test('keeps the newest exemplar, in the format of OpenMetrics', async () => {
  const exemplarOf = async (traceId: string, timestamp: number) => {
    const registry = openMetrics();
    const histogram = new Histogram({
      name: 'length_seconds',
      help: 'help',
      buckets: [1],
      registers: [registry],
      enableExemplars: true,
    });
    histogram.observe({ value: 0.5, exemplarLabels: { traceId } });
    const snapshot = await takeSnapshot(registry);
    for (const { exemplar } of snapshot[0]!.values) if (exemplar) exemplar.timestamp = timestamp;
    return snapshot;
  };
  const text = await toRegistry(
    sumSnapshots([await exemplarOf('new', 2), await exemplarOf('old', 1)]),
    openMetrics(),
  ).metrics();
  expect(text).toMatch('length_seconds_bucket{le="1"} 2 # {traceId="new"} 0.5 2');
});

test('of the start of processes the first is shown', async () => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const snapshot = await takeSnapshot(registry);
  const sum = sumSnapshots([snapshot, snapshot]);
  const starts = sum.find(({ name }) => name === 'process_start_time_seconds')!;
  expect(starts.values[0]!.value).toBe(snapshot.find(({ name }) => name === starts.name)!.values[0]!.value);
});
