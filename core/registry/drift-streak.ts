import { alertingWindows } from '../manifest/alerting-windows.js';
import type { Queryable } from '../postgres/pool.js';
import { RETURNED_AT } from './term.js';
import type { ModelVersion } from './versions.js';

/**
 * From when on rows are of the drifted population alone: the end of the first window of the present drifting streak, which
 * is, of the windows since the last one that was ok, the first with a warning or drift; of several windows that alert, the
 * earliest of their streaks. The change lies somewhere inside that window, so its rows are of both populations; a reference
 * frozen from them would keep alarming on the new one. Windows with too little data say nothing and do not end a streak, and
 * those of an earlier term of a version that returned are of none. Undefined when the latest verdict of each is ok, or there
 * is none.
 */
export async function findDriftedSince(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion' | 'manifest'>,
): Promise<Date | undefined> {
  const { rows } = await db.query<{ start: Date | null }>(
    `with own as (
       select d.* from (values ($1::text, $2::int)) as s (model_name, model_version)
         join drift_windows d using (model_name, model_version)
        where window_name = any($3::text[]) and segment = '' and window_end > coalesce((${RETURNED_AT}), '-infinity'))
     select min(window_end) as start from own
      where verdict in ('warning', 'drift')
        and window_start > coalesce((select max(window_start) from own calm
                                      where calm.window_name = own.window_name and calm.verdict = 'ok'), '-infinity')`,
    [version.modelName, version.modelVersion, alertingWindows(version.manifest.monitoring)],
  );
  return rows[0]?.start ?? undefined;
}
