import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createSegmentFile } from '../../../service/capture/segment-file.js';
import { createSpool } from '../../../service/capture/spool.js';
import { SpoolFullError } from '../../../service/errors.js';
import { createCaptureMetrics } from '../../../service/metrics/capture.js';
import { createRecord } from '../../../service/predict/record.js';
import { until } from '../../helpers/until.js';
import { createSpoolRoot } from './fixture.js';

let place: Awaited<ReturnType<typeof createSpoolRoot>>;
beforeEach(async () => {
  place = await createSpoolRoot();
});
afterEach(() => place.remove());

/** A spool whose writes are told to `onWrite` before they are made, and what records requests in it. */
function createPlace(options: { maxBytes: number; onWrite: (bytes: number) => Promise<void> }) {
  const registry = new Registry();
  const metrics = createCaptureMetrics(registry);
  const spool = createSpool({
    folder: async () => place.root,
    spoolId: '019ab000-0000-7000-8000-000000000000',
    columns: 'prediction_id',
    durability: 'os',
    maxBytes: options.maxBytes,
    now: Date.now,
    onState: () => undefined,
    createFile: async (path, durable) => {
      const file = await createSegmentFile(path, durable);
      return {
        ...file,
        write: async (bytes, position) => {
          await options.onWrite(bytes.length);
          await file.write(bytes, position);
        },
      };
    },
  });
  const record = createRecord({ spool, modelName: 'model', modelVersion: 1, metrics });
  const request = (rows: number): Promise<void> =>
    record({
      ids: new Array(rows).fill('019ab000-0000-7000-8000-000000000001'),
      batch: { rows, numeric: new Float64Array(11 * rows), categorical: [] },
      flags: [],
      answer: { rows, labels: new Array(rows).fill('a'), probabilities: new Float32Array(7 * rows) },
      latencyUs: 1,
      requestId: 'request',
      traceId: null,
    });
  const counted = async (result: string): Promise<number> => {
    const metric = await registry.getSingleMetric('capture_rows_total')!.get();
    return metric.values.find(({ labels }) => labels.result === result)!.value;
  };
  return { spool, request, counted };
}

test('a large request is written in parts, and a row that comes meanwhile waits for one of them only', async () => {
  const writes: number[] = [];
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { spool, request, counted } = createPlace({
    maxBytes: 100_000_000,
    onWrite: async (bytes) => {
      writes.push(bytes);
      if (writes.length === 3) await held;
    },
  });
  const order: string[] = [];
  const large = request(10_000).then(() => order.push('large'));
  await until('a part to be under way', () => writes.length === 3);
  const single = request(1).then(() => order.push('single'));
  release();
  await Promise.all([large, single]);
  expect(order).toEqual(['single', 'large']);
  expect(writes.length).toBeGreaterThan(10);
  expect(Math.max(...writes)).toBeLessThan(200_000);
  expect(spool.progress()).toEqual({ appended: 10_001, stored: 0 });
  expect(await counted('accepted')).toBe(10_001);
  await spool.close();
});

test('a large request that does not fit is refused whole', async () => {
  const { spool, request, counted } = createPlace({ maxBytes: 1_000_000, onWrite: async () => undefined });
  await expect(request(10_000)).rejects.toThrow(SpoolFullError);
  expect(spool.progress().appended).toBe(0);
  expect([await counted('accepted'), await counted('refused')]).toEqual([0, 10_000]);
  await spool.close();
});

test('rows that were written before the disk failed count as accepted, the rest as failed', async () => {
  let writes = 0;
  const { spool, request, counted } = createPlace({
    maxBytes: 100_000_000,
    onWrite: async () => {
      if (++writes > 4) throw new Error('disk on fire');
    },
  });
  await expect(request(10_000)).rejects.toThrow();
  const { appended } = spool.progress();
  expect(appended).toBeGreaterThan(0);
  expect([await counted('accepted'), await counted('failed')]).toEqual([appended, 10_000 - appended]);
  await spool.close();
});
