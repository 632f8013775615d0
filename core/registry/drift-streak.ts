import type { Queryable } from '../postgres/pool.js';

/**
 * From when on rows are of the drifted population alone: the end of the first window of the present drifting streak, which
 * is, of the windows since the last one that was ok, the first with a warning or drift. The change lies somewhere inside
 * that window, so its rows are of both populations; a reference frozen from them would keep alarming on the new one.
 * Windows with too little data say nothing and do not end a streak. Undefined when the latest verdict is ok, or there is none.
 */
export async function findDriftedSince(
  db: Queryable,
  modelName: string,
  modelVersion: number,
): Promise<Date | undefined> {
  const { rows } = await db.query<{ start: Date | null }>(
    `select min(window_end) as start from drift_windows
     where model_name = $1 and model_version = $2 and window_name = 'default' and segment = '' and verdict in ('warning', 'drift')
       and window_start > coalesce((select max(window_start) from drift_windows
         where model_name = $1 and model_version = $2 and window_name = 'default' and segment = '' and verdict = 'ok'), '-infinity')`,
    [modelName, modelVersion],
  );
  return rows[0]?.start ?? undefined;
}
