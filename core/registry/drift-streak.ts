import { alertingWindows } from '../manifest/alerting-windows.js';
import type { Queryable } from '../postgres/pool.js';
import type { ModelVersion } from './versions.js';

/**
 * From when on rows are of the drifted population alone: the end of the first window of the present drifting streak, which
 * is, of the windows since the last one that was ok, the first with a warning or drift; of several windows that alert, the earliest of their streaks. The change lies somewhere inside
 * that window, so its rows are of both populations; a reference frozen from them would keep alarming on the new one.
 * Windows with too little data say nothing and do not end a streak. Undefined when the latest verdict of each is ok, or there is none.
 */
export async function findDriftedSince(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion' | 'manifest'>,
): Promise<Date | undefined> {
  const { rows } = await db.query<{ start: Date | null }>(
    `select min(w.window_end) as start from unnest($3::text[]) as name
     cross join lateral (select window_end from drift_windows
       where model_name = $1 and model_version = $2 and window_name = name and segment = '' and verdict in ('warning', 'drift')
         and window_start > coalesce((select max(window_start) from drift_windows
           where model_name = $1 and model_version = $2 and window_name = name and segment = '' and verdict = 'ok'), '-infinity')) w`,
    [version.modelName, version.modelVersion, alertingWindows(version.manifest.monitoring)],
  );
  return rows[0]?.start ?? undefined;
}
