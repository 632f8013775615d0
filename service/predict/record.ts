import { copyRows } from '../../core/postgres/copy.js';
import { type Client, type Pool, withClient } from '../../core/postgres/pool.js';
import { CaptureFailedError } from '../errors.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { createCommitQueue } from './commit-queue.js';
import { PREDICTION_COLUMNS, type PredictionRow } from './prediction-row.js';

/** Stores rows; resolves once they are committed. @throws CaptureFailedError when they may not be */
export type RecordRows = (rows: PredictionRow[]) => Promise<void>;

/** Rows of one commit at most (about 50 ms of COPY); what is larger by itself is committed by itself. */
const COMMIT_ROWS = 4_000;
/** Requests of more rows than this have a queue and a connection of their own, so that small ones need not wait for them. */
const LARGE_ROWS = 256;

/**
 * Records one model version's predictions: what arrives together is committed together, as one COPY and one row in
 * `capture_batches`; while a commit is under way the next group gathers.
 */
export function createRecord(options: {
  pool: Pool;
  modelName: string;
  modelVersion: number;
  newId: () => string;
  timeoutMs: number;
  metrics: CaptureMetrics;
}): RecordRows {
  const { pool, metrics, timeoutMs } = options;
  const commit = async (rows: PredictionRow[]): Promise<void> => {
    const started = performance.now();
    try {
      await withClient(pool, (client) => store(client, options, rows), { timeoutMs });
      metrics.committed(rows.length, (performance.now() - started) / 1_000);
    } catch (error) {
      metrics.failed(rows.length);
      throw new CaptureFailedError(error);
    }
  };
  const small = createCommitQueue(commit, COMMIT_ROWS);
  const large = createCommitQueue(commit, COMMIT_ROWS);
  return (rows) => (rows.length > LARGE_ROWS ? large(rows) : small(rows));
}

/** Commits rows and the batch's own row in one transaction: statements of one message are one. */
async function store(
  client: Client,
  options: { modelName: string; modelVersion: number; newId: () => string },
  rows: PredictionRow[],
): Promise<void> {
  const { modelName, modelVersion, newId } = options;
  const batchId = newId();
  // Times in ISO form are in order as text.
  let first = rows[0]![1];
  let last = first;
  for (const [, requestedAt] of rows) {
    if (requestedAt < first) first = requestedAt;
    if (requestedAt > last) last = requestedAt;
  }
  const values = [batchId, modelName, String(modelVersion), String(rows.length), first, last];
  await copyRows(
    client,
    `predictions (${PREDICTION_COLUMNS}, batch_id, model_name, model_version, source)`,
    rows.map((row) => [...row, batchId, modelName, modelVersion, 'live']),
    `insert into capture_batches
       (batch_id, model_name, model_version, row_count, first_requested_at, last_requested_at)
     values (${values.map((value) => client.escapeLiteral(value)).join(', ')})`,
  );
}
