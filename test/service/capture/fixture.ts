import { randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Pool } from '../../../core/postgres/pool.js';
import type { RequestSource } from '../../../core/request-source.js';
import { type Capture, type CaptureOptions, createCapture } from '../../../service/capture/capture.js';
import { createCaptureMetrics } from '../../../service/metrics/capture.js';
import { createNewId } from '../../../service/new-id.js';
import { createRecord } from '../../../service/predict/record.js';
import { until } from '../../helpers/until.js';
import { silent } from '../harness.js';

/** A spool folder of its own for one test. */
export async function createSpoolRoot(): Promise<{ root: string; remove: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'plumbline-spool-'));
  return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Capture as the service makes it, and a way to record requests. */
export interface TestCapture extends Capture {
  /** Records a request of `rows` rows as one of the service; gives the ids it acknowledged. */
  acknowledge(
    rows: number,
    change?: { label?: string; errorClass?: string; modelName?: string; source?: RequestSource },
  ): Promise<string[]>;
  /** The value of a metric, with its labels as they are written. */
  metric(name: string): Promise<number>;
  /** Waits until everything is in Postgres. */
  stored(): Promise<void>;
}

/** Opens a spool in `root`. @param options  replace what the service would be given */
export async function openCapture(
  pool: Pool,
  root: string,
  options: Partial<CaptureOptions> = {},
): Promise<TestCapture> {
  const registry = new Registry();
  const metrics = createCaptureMetrics(registry);
  const now = options.now ?? Date.now;
  const newId = createNewId({ now, fillRandom: randomFillSync });
  const capture = await createCapture({
    folder: root,
    maxBytes: 100_000_000,
    durability: 'os',
    commitTimeoutMs: 10_000,
    pool,
    newId,
    metrics,
    logger: silent,
    random: () => 0.5,
    now,
    ...options,
  });
  const metric = async (name: string): Promise<number> => {
    const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  };
  return {
    ...capture,
    metric,
    stored: () =>
      until('every row to be stored', async () => (await metric('capture_spooled_rows')) === 0).then(() => undefined),
    acknowledge: async (rows, { label = 'a', errorClass, modelName = 'model', source = 'live' } = {}) => {
      const ids = Array.from({ length: rows }, newId);
      const record = createRecord({ spool: capture.spool, modelName, modelVersion: 1, metrics });
      await record({
        ids,
        batch: {
          rows,
          numeric: new Float64Array(rows).fill(Number.NaN),
          categorical: new Array(rows).fill('x\n"y"\t\\é'),
        },
        flags: [[{ feature: 'odd "name"', problem: 'unseen_category' }]],
        answer:
          errorClass === undefined
            ? { rows, labels: new Array(rows).fill(label), probabilities: new Float32Array(2 * rows).fill(0.1) }
            : { errorClass },
        latencyUs: 7,
        requestId: 'request',
        traceId: null,
        source,
      });
      return ids;
    },
  };
}

/** How many rows there are of these ids, of how many different ones, and what the batches claim. */
export async function countRows(pool: Pool, ids: string[]): Promise<{ rows: number; ids: number; inBatches: number }> {
  const { rows } = await pool.query(
    `select count(*)::int as rows, count(distinct prediction_id)::int as ids,
            (select coalesce(sum(row_count), 0)::int from capture_batches) as "inBatches"
       from predictions where prediction_id = any($1::uuid[])`,
    [ids],
  );
  return rows[0];
}
