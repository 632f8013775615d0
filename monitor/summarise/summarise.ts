import { type Client, type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { addExpectedSums } from '../performance/stored-sums.js';
import { addQuality } from '../quality/stored-quality.js';
import { createFold } from './fold.js';
import { readLiveRows } from './live-rows.js';
import { addSummaries } from './summaries.js';
import { markSummarised, takeBatches } from './take-batches.js';

/** What a summarising pass read. */
export interface Summarised {
  /** Live rows counted. */
  rows: number;
  /** Those of them that came after the window of their event time was decided: no verdict will see them. */
  lateRows: number;
}

/** What of a version is summarised, and how. */
export interface SummariseOptions {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  /** End of the newest decided window, seconds since 1970, or -Infinity. */
  decidedUntil: number;
  maximumRows: number;
}

/**
 * Folds all rows of a version that are not summarised yet into its buckets. Each transaction reads a bounded number of
 * batches, adds their counts and marks them, so every row is counted exactly once wherever the process dies, and
 * whatever order the capturing transactions commit in.
 */
export async function summariseVersion(options: SummariseOptions): Promise<Summarised> {
  const total: Summarised = { rows: 0, lateRows: 0 };
  for (;;) {
    const step = await withTransaction(options.pool, (client) => summariseBatches(client, options));
    if (!step) return total;
    total.rows += step.rows;
    total.lateRows += step.lateRows;
  }
}

/** @returns undefined when nothing was left to read */
async function summariseBatches(client: Client, options: SummariseOptions): Promise<Summarised | undefined> {
  const { version, bucketSeconds, decidedUntil, maximumRows } = options;
  const batches = await takeBatches(client, version, maximumRows);
  if (!batches) return undefined;
  const fold = createFold(version, bucketSeconds);
  let lateRows = 0;
  const rows = await readLiveRows(client, version, batches, (row) => {
    if (row.requestedAt < decidedUntil) lateRows++;
    fold.add(row);
  });
  const buckets = fold.take();
  await addSummaries(client, version, bucketSeconds, buckets);
  await addExpectedSums(client, version, bucketSeconds, buckets);
  await addQuality(client, version, buckets);
  await markSummarised(client, version, batches.batchIds);
  return { rows, lateRows };
}
