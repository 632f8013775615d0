import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';

const MOST_BATCHES = 2_000;
/** Rows are found by their time: those of an old spool, shipped late, are not read together with today's. */
const LONGEST_MS = 7_200_000;

/** Capture batches, and the event times between which their rows lie, both included. */
export interface TakenBatches {
  batchIds: string[];
  first: Date;
  last: Date;
}

/**
 * Locks the next capture batches of a version that are not summarised, oldest first, of at most `maximumRows` rows
 * together and close in time (one batch at least). Must run in the transaction that marks them: the row locks make a second monitor that
 * got here without the model's lock wait, and then find them marked, so that no batch is counted twice.
 * @returns undefined when there is none
 */
export async function takeBatches(
  db: Queryable,
  version: ModelVersion,
  maximumRows: number,
): Promise<TakenBatches | undefined> {
  const { rows } = await db.query<{ batchId: string; rowCount: number; first: Date; last: Date }>(
    `select batch_id as "batchId", row_count as "rowCount", first_requested_at as first, last_requested_at as last
       from capture_batches
      where model_name = $1 and model_version = $2 and summarised_at is null
      order by batch_id limit ${MOST_BATCHES} for update`,
    [version.modelName, version.modelVersion],
  );
  let total = 0;
  let taken: TakenBatches | undefined;
  for (const { batchId, rowCount, first, last } of rows) {
    total += rowCount;
    if (!taken) {
      taken = { batchIds: [batchId], first, last };
      continue;
    }
    const range = { first: earliest(taken.first, first), last: latest(taken.last, last) };
    if (total > maximumRows || range.last.getTime() - range.first.getTime() > LONGEST_MS) break;
    taken.batchIds.push(batchId);
    taken = { ...taken, ...range };
  }
  return taken;
}

function earliest(a: Date, b: Date): Date {
  return a < b ? a : b;
}

function latest(a: Date, b: Date): Date {
  return a < b ? b : a;
}

/** Marks batches of a version as summarised. */
export async function markSummarised(db: Queryable, version: ModelVersion, batchIds: string[]): Promise<void> {
  await db.query(
    'update capture_batches set summarised_at = now() where model_name = $1 and model_version = $2 and batch_id = any($3)',
    [version.modelName, version.modelVersion, batchIds],
  );
}
