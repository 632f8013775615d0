import { DEFAULT_WINDOW } from '../manifest/alerting-windows.js';
import type { Queryable } from '../postgres/pool.js';
import type { ModelVersion } from './versions.js';

/**
 * From when on outcomes mean what they mean now: the end of the first window of the present streak in which performance is
 * worse than the manifest allows, which is, of the windows since the last one that was ok, the first with a warning or drop.
 * As with drift (`findDriftedSince`) the change lies somewhere inside that window, and its rows are of both meanings. Windows
 * with too few outcomes say nothing and do not end a streak. Undefined unless a window of the streak says drop: a warning
 * alone may be chance, and rows are too dear to be left out for it.
 */
export async function findPerformanceFellSince(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
): Promise<Date | undefined> {
  const { rows } = await db.query<{ start: Date | null }>(
    `select min(window_end) as start from performance_windows
      where model_name = $1 and model_version = $2 and window_name = $3 and segment = '' and verdict in ('warning', 'drop')
        and window_start > coalesce((select max(window_start) from performance_windows
          where model_name = $1 and model_version = $2 and window_name = $3 and segment = '' and verdict = 'ok'), '-infinity')
     having bool_or(verdict = 'drop')`,
    [version.modelName, version.modelVersion, DEFAULT_WINDOW],
  );
  return rows[0]?.start ?? undefined;
}
