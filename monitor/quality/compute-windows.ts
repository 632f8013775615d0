import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { lockPerformance } from '../performance/lock-performance.js';
import { loadWindowCounts } from '../windows/buckets.js';
import { describeQuality } from './describe-quality.js';
import { loadWindowQuality } from './stored-quality.js';

/** Most windows computed in one transaction. */
const MOST_WINDOWS = 100;

/** What the quality of a version's windows is computed from. */
export interface QualityOptions {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  now: Date;
}

/** Computes and stores the quality of every decided window of a version that has none, or whose rows have changed. */
export async function computeQuality(options: QualityOptions): Promise<void> {
  while ((await computeSome(options)) === MOST_WINDOWS);
}

async function computeSome({ pool, version, bucketSeconds, now }: QualityOptions): Promise<number> {
  const { modelName, modelVersion, manifest, referenceProfile: profile } = version;
  return withTransaction(pool, async (client) => {
    await lockPerformance(client, modelName);
    const { rows: windows } = await client.query<{ name: string; start: number; end: number; rows: number }>(
      `select window_name as name, extract(epoch from window_start)::float8 as start,
              extract(epoch from d.window_end)::float8 as end, d.row_count as rows
         from drift_windows d
         left join quality_windows q using (model_name, model_version, window_name, window_start)
        where model_name = $1 and model_version = $2 and d.segment = '' and q.model_name is null
        order by window_start limit ${MOST_WINDOWS}`,
      [modelName, modelVersion],
    );
    for (const window of windows) {
      const report = describeQuality({
        manifest,
        profile,
        counts: await loadWindowCounts(client, version, window, { bucketSeconds }),
        quality: await loadWindowQuality(client, version, window),
      });
      await client.query(
        `insert into quality_windows
           (model_name, model_version, window_name, window_start, window_end, row_count, report, computed_at)
         values ($1, $2, $3, to_timestamp($4), to_timestamp($5), $6, $7, $8)`,
        [modelName, modelVersion, window.name, window.start, window.end, window.rows, JSON.stringify(report), now],
      );
    }
    return windows.length;
  });
}
