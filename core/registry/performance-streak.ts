import { DEFAULT_WINDOW } from '../manifest/alerting-windows.js';
import type { Queryable } from '../postgres/pool.js';
import { RETURNED_AT } from './term.js';
import type { ModelVersion } from './versions.js';

/**
 * From when on outcomes mean what they mean now: the end of the first window of the present streak in which performance is
 * worse than the manifest allows, which is, of the windows since the last one that was ok, the first with a warning or drop.
 * As with drift (`findDriftedSince`) the change lies somewhere inside that window, and its rows are of both meanings. Windows
 * with too few outcomes say nothing and do not end a streak, and those of an earlier term of a version that returned are of
 * none. Undefined unless a window of the streak says drop: a warning alone may be chance, and rows are too dear to be left
 * out for it.
 */
export async function findPerformanceFellSince(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
): Promise<Date | undefined> {
  const { rows } = await db.query<{ start: Date | null }>(
    `with own as (
       select p.* from (values ($1::text, $2::int)) as s (model_name, model_version)
         join performance_windows p using (model_name, model_version)
        where window_name = $3 and segment = '' and window_end > coalesce((${RETURNED_AT}), '-infinity'))
     select min(window_end) as start from own
      where verdict in ('warning', 'drop')
        and window_start > coalesce((select max(window_start) from own where verdict = 'ok'), '-infinity')
     having bool_or(verdict = 'drop')`,
    [version.modelName, version.modelVersion, DEFAULT_WINDOW],
  );
  return rows[0]?.start ?? undefined;
}
