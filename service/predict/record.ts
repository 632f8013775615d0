import { copyRows } from '../../core/postgres/copy.js';
import { type Client, type Pool, withClient } from '../../core/postgres/pool.js';
import { CaptureFailedError } from '../errors.js';
import type { CaptureMetrics } from '../metrics/capture.js';
import { idMilliseconds } from '../new-id.js';
import { PREDICTION_COLUMNS, type PredictionRow } from './prediction-row.js';

/** Stores rows; resolves once they are committed. @throws CaptureFailedError when they may not be */
export type RecordRows = (rows: PredictionRow[]) => Promise<void>;

interface Waiting {
  rows: PredictionRow[];
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Rows of one commit at most: about 50 ms of COPY. */
const COMMIT_ROWS = 4_000;

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
  const { pool, metrics } = options;
  let waiting: Waiting[] = [];
  let active = false;

  const commitAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = takeGroup();
      const rows = group.flatMap((each) => each.rows);
      const started = performance.now();
      try {
        await withClient(pool, (client) => store(client, options, rows), { timeoutMs: options.timeoutMs });
        metrics.committed(rows.length, (performance.now() - started) / 1_000);
        for (const each of group) each.resolve();
      } catch (error) {
        metrics.failed(rows.length);
        const failure = new CaptureFailedError(error);
        for (const each of group) each.reject(failure);
      }
    }
    active = false;
  };
  const takeGroup = (): Waiting[] => {
    let rows = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || rows + waiting[count]!.rows.length <= COMMIT_ROWS)) {
      rows += waiting[count++]!.rows.length;
    }
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  };
  return (rows) =>
    new Promise((resolve, reject) => {
      waiting.push({ rows, resolve, reject });
      if (active) return;
      active = true;
      // A turn of the loop later, the whole run of the model has handed in its rows.
      setImmediate(() => void commitAll());
    });
}

/** Commits rows and the batch's own row in one transaction: statements of one message are one. */
async function store(
  client: Client,
  options: { modelName: string; modelVersion: number; newId: () => string },
  rows: PredictionRow[],
): Promise<void> {
  const { modelName, modelVersion, newId } = options;
  const batchId = newId();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const [id] of rows) {
    first = Math.min(first, idMilliseconds(id));
    last = Math.max(last, idMilliseconds(id));
  }
  const values = [batchId, modelName, String(modelVersion), String(rows.length), isoTime(first), isoTime(last)];
  await copyRows(
    client,
    `predictions (${PREDICTION_COLUMNS}, batch_id, model_name, model_version, source)`,
    rows.map((row) => [...row, batchId, modelName, modelVersion, 'live']),
    `insert into capture_batches
       (batch_id, model_name, model_version, row_count, first_requested_at, last_requested_at)
     values (${values.map((value) => client.escapeLiteral(value)).join(', ')})`,
  );
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
