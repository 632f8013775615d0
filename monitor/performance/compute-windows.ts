import { type Pool, withTransaction } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { lockPerformance } from './lock-performance.js';
import { loadStretchPerformance } from './stretch-performance.js';

/** A decided window whose performance is to be computed. Times are seconds since 1970. */
interface OpenWindow {
  windowName: string;
  segment: string;
  start: number;
  end: number;
}

/** Most windows computed in one transaction. */
const MOST_WINDOWS = 100;

/**
 * Computes and stores the performance of every decided window of a version that has none yet, or whose sums have changed.
 * @returns how many windows that were
 */
export async function computePerformance(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  now: Date;
}): Promise<number> {
  let total = 0;
  for (;;) {
    const computed = await computeSome(options);
    total += computed;
    if (computed < MOST_WINDOWS) return total;
  }
}

async function computeSome(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  now: Date;
}): Promise<number> {
  const { pool, version, bucketSeconds, now } = options;
  const { modelName, modelVersion } = version;
  return withTransaction(pool, async (client) => {
    await lockPerformance(client, modelName);
    const { rows: windows } = await client.query<OpenWindow>(
      `select d.window_name as "windowName", d.segment, extract(epoch from d.window_start)::float8 as start,
              extract(epoch from d.window_end)::float8 as end
         from drift_windows d
         left join performance_windows p using (model_name, model_version, window_name, segment, window_start)
        where model_name = $1 and model_version = $2 and (p.model_name is null or p.stale)
        order by d.window_start limit ${MOST_WINDOWS}`,
      [modelName, modelVersion],
    );
    for (const window of windows) {
      const stretch = { ...window, bucketSeconds, coverageUntil: window.start };
      const { servedRows, labelledRows, verdict, report } = await loadStretchPerformance(client, version, stretch);
      await client.query(
        `insert into performance_windows (model_name, model_version, window_name, segment, window_start, window_end,
           served_rows, labelled_rows, verdict, report, computed_at, judged_at, stale)
         values ($1, $2, $3, $4, to_timestamp($5), to_timestamp($6), $7, $8, $9, $10, $11, $11, false)
         on conflict (model_name, model_version, window_name, segment, window_start) do update
            set served_rows = excluded.served_rows, labelled_rows = excluded.labelled_rows, verdict = excluded.verdict,
                report = excluded.report, computed_at = excluded.computed_at, stale = false,
                judged_at = case performance_windows.verdict when excluded.verdict then performance_windows.judged_at
                            else excluded.judged_at end`,
        [
          modelName,
          modelVersion,
          window.windowName,
          window.segment,
          window.start,
          window.end,
          servedRows,
          labelledRows,
          verdict,
          JSON.stringify(report),
          now,
        ],
      );
    }
    return windows.length;
  });
}
