import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { foldRows } from './fold.js';
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

/**
 * Folds all rows of a version that are not summarised yet into its buckets. Each transaction reads a bounded number of
 * batches, adds their counts and marks them, so every row is counted exactly once wherever the process dies, and
 * whatever order the capturing transactions commit in.
 * @param decidedUntil  end of the newest decided window, seconds since 1970, or -Infinity
 */
export async function summariseVersion(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  decidedUntil: number;
  maximumRows: number;
}): Promise<Summarised> {
  const { pool, version, bucketSeconds, decidedUntil, maximumRows } = options;
  const total: Summarised = { rows: 0, lateRows: 0 };
  for (;;) {
    const step = await withTransaction(pool, async (client) => {
      const batchIds = await takeBatches(client, version, maximumRows);
      if (batchIds.length === 0) return undefined;
      const rows = await readLiveRows(client, version, batchIds, bucketSeconds);
      await addSummaries(client, version, bucketSeconds, foldRows(version.manifest, version.referenceProfile, rows));
      await markSummarised(client, version, batchIds);
      return rows;
    });
    if (!step) return total;
    total.rows += step.length;
    total.lateRows += step.filter((row) => row.bucketStart < decidedUntil).length;
  }
}
