import { createServer } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { inSlices } from '../../core/in-slices.js';
import { noTracing } from '../../core/telemetry/tracing.js';
import { createDataPath, type DataPathOptions } from '../../service/data-path.js';
import { InferenceError, SpoolFullError } from '../../service/errors.js';
import { createBodyBudget } from '../../service/http/body-budget.js';
import { createServiceMetrics } from '../../service/metrics/metrics.js';
import type { ServingModel } from '../../service/models/serving-model.js';
import { createAdmission } from '../../service/predict/admission.js';
import type { Captured } from '../../service/predict/prediction-tuples.js';
import { createRowTime } from '../../service/predict/row-time.js';
import { silent } from './harness.js';

const ID = '019ab000-0000-7000-8000-000000000000';
let close = async (): Promise<void> => undefined;
afterEach(() => close());

/** The data path on a free port, with a model that does as `model` says. */
async function startDataPath(model: Partial<ServingModel>, change: Partial<DataPathOptions> = {}) {
  const metrics = createServiceMetrics({ waitingRows: () => 0 });
  const whole = {
    name: 'm',
    version: 1,
    metrics: metrics.version('m', 1),
    readSmall: () => undefined,
    validate: async () => ({ batch: { rows: 1, numeric: Float64Array.of(1), categorical: [] }, flags: [] }),
    record: async () => undefined,
    respond: { small: () => '{}' },
    rowTime: createRowTime(),
    ...model,
  } as unknown as ServingModel;
  const dataPath = createDataPath({
    champions: { pin: () => ({ model: whole, release: () => undefined }) } as unknown as DataPathOptions['champions'],
    admission: createAdmission({ maxRows: 10, maxWaitMs: 1_000 }),
    spool: { assertRoom: () => undefined },
    metrics,
    logger: silent,
    tracing: noTracing,
    newId: () => ID,
    bodies: createBodyBudget({ maxBytes: 1_000, totalBytes: 10_000 }),
    deadlineMs: 60_000,
    eachSlice: inSlices,
    ...change,
  });
  const server = createServer((request, response) => void dataPath(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  close = () => new Promise((done) => server.close(() => done()));
  const { port } = server.address() as { port: number };
  const predict = () => fetch(`http://127.0.0.1:${port}/v1/models/m/predict`, { method: 'POST', body: '{}' });
  return { predict, metrics };
}

test('records a failed inference with the class of its error, and answers with the failure', async () => {
  const captured: Captured[] = [];
  const { predict } = await startDataPath({
    infer: async () => Promise.reject(new InferenceError('m', new RangeError('too deep'))),
    record: async (row) => void captured.push(row),
  });
  const response = await predict();
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([500, 'inference_failed']);
  expect(captured).toMatchObject([{ ids: [ID], answer: { errorClass: 'RangeError' } }]);
});

test('a failure that cannot be recorded is still answered as the failure it is', async () => {
  const { predict } = await startDataPath({
    infer: async () => Promise.reject(new InferenceError('m', new Error('no'))),
    record: async () => Promise.reject(new SpoolFullError(1)),
  });
  expect((await predict()).status).toBe(500);
});

test('refuses before any inference when the spool has no room, and counts the rows', async () => {
  let runs = 0;
  const { predict, metrics } = await startDataPath(
    {
      infer: async () => {
        runs++;
        return { rows: 1, labels: ['a'] };
      },
    },
    {
      spool: {
        assertRoom: () => {
          throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        },
      },
    },
  );
  const response = await predict();
  expect([response.status, response.headers.get('retry-after'), runs]).toEqual([503, '2', 0]);
  expect(await metrics.registry.metrics()).toMatch('capture_rows_total{result="refused"} 1');
});
