import type { AddressInfo } from 'node:net';
import { createInSlices } from '../../../core/in-slices.js';
import type { FeatureBatch, PredictionBatch } from '../../../core/inference/batch.js';
import type { Manifest } from '../../../core/manifest/manifest.js';
import { noTracing } from '../../../core/telemetry/tracing.js';
import { createDataPath, type DataPathOptions } from '../../../service/data-path.js';
import { createBodyBudget } from '../../../service/http/body-budget.js';
import { createHttpServer } from '../../../service/http/server.js';
import { createServiceMetrics } from '../../../service/metrics/metrics.js';
import type { ServingModel } from '../../../service/models/serving-model.js';
import { createAdmission } from '../../../service/predict/admission.js';
import { createInfer } from '../../../service/predict/infer.js';
import type { Captured } from '../../../service/predict/prediction-tuples.js';
import { createRowTime } from '../../../service/predict/row-time.js';
import { silent } from '../harness.js';

const manifest = {
  name: 'm',
  task: 'regression',
  classes: [],
  features: [{ name: 'x', type: 'numeric', missing: false, outOfRange: 'flag' }],
  onnx: { input: 'tensor', value: 'value' },
} as unknown as Manifest;

/**
 * The data path behind the real server, with the real queue before a model that `infer` plays: a request has so many
 * rows. @param options.run  resolves when a run of so many rows is over
 */
export async function startPath(options: {
  run: (rows: number) => Promise<void>;
  sliceRows?: number;
  maxRows?: number;
  maxWaitMs?: number;
  deadlineMs?: number;
  record?: ServingModel['record'];
}) {
  const { run, sliceRows = 256, maxRows = 50_000, maxWaitMs = 1_000, deadlineMs = 60_000 } = options;
  const metrics = createServiceMetrics({ waitingRows: () => 0 });
  const rowTime = createRowTime();
  const runs: number[] = [];
  const captured: Captured[] = [];
  let validated = 0;
  const infer = async ({ rows }: FeatureBatch): Promise<PredictionBatch> => {
    runs.push(rows);
    await run(rows);
    return { rows, values: new Float32Array(rows) };
  };
  const model = {
    name: 'm',
    version: 1,
    metrics: metrics.version('m', 1),
    rowTime,
    readSmall: () => undefined,
    validate: async ({ instances }: { instances: number[] }) => {
      const rows = instances.length;
      validated++;
      return { batch: { rows, numeric: new Float64Array(rows), categorical: [] }, flags: [] };
    },
    infer: createInfer({ model: { infer }, manifest, sliceRows, onRun: rowTime.ran }),
    record: options.record ?? (async (row: Captured) => void captured.push(row)),
    respond: {
      small: (ids: string[]) => String(ids.length),
      large: async (ids: string[]) => [Buffer.from(String(ids.length))],
    },
  } as unknown as ServingModel;
  const admission = createAdmission({ maxRows, maxWaitMs });
  const bodies = createBodyBudget({ maxBytes: 1_000_000, totalBytes: 100_000_000 });
  let id = 0;
  const dataPath = createDataPath({
    champions: { pin: () => ({ model, release: () => undefined }) } as unknown as DataPathOptions['champions'],
    admission,
    spool: { assertRoom: () => undefined },
    metrics,
    logger: silent,
    tracing: noTracing,
    newId: () => `id-${++id}`,
    bodies,
    deadlineMs,
    eachSlice: createInSlices(),
  });
  const limits = {
    headTimeoutMs: 60_000,
    receiveTimeoutMs: 60_000,
    unreadMs: 60_000,
    keepAliveMs: 60_000,
    maxConnections: 10_000,
    maxRequestsPerConnection: 0,
  };
  const http = createHttpServer({ handle: dataPath, limits, bodies, refusals: metrics.refusals });
  await new Promise<void>((done) => http.server.listen(0, '127.0.0.1', done));
  const { port } = http.server.address() as AddressInfo;
  return {
    port,
    runs,
    captured,
    admission,
    rowTime,
    validated: () => validated,
    metrics: () => metrics.registry.metrics(),
    send: (rows = 1, headers: Record<string, string> = {}) =>
      fetch(`http://127.0.0.1:${port}/v1/models/m/predict`, { method: 'POST', body: bodyOf(rows), headers }),
    close: () => http.drain({ lameDuckMs: 0, patienceMs: 0, deaf: false }),
  };
}

/** A body with so many rows. */
export function bodyOf(rows: number): string {
  return JSON.stringify({ instances: new Array(rows).fill(1) });
}

/** A gate that runs of a model wait at. */
export function createGate(): { pass: () => Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { pass: () => opened, open };
}
