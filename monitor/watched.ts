import { DEFAULT_WINDOW } from '../core/manifest/alerting-windows.js';
import type { Queryable } from '../core/postgres/pool.js';
import { loadVersion, type ModelVersion } from '../core/registry/versions.js';

/** Models with something to do in a pass: a champion, rows to summarise, or an alert to send. By name. */
export async function loadWatchedModels(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ modelName: string }>(
    `select model_name as "modelName" from model_versions where state = 'champion'
     union select model_name from capture_batches where summarised_at is null
     union select model_name from outcomes where folded_at is null
     union select model_name from alerts where ends_at is null or last_sent_at is null or last_sent_at < ends_at
     order by 1`,
  );
  return rows.map((row) => row.modelName);
}

/** How long a version that no longer answers is looked at for a last window to decide. */
const LAST_WINDOW_SECONDS = 86_400;

/**
 * Versions of a model that are watched in a pass: the champion, those with rows to summarise, and those with buckets of
 * the last day that no decided window covers, as the last of them closes after its rows are summarised. Oldest first.
 */
export async function loadWatchedVersions(db: Queryable, modelName: string, now: Date): Promise<ModelVersion[]> {
  const { rows } = await db.query<{ modelVersion: number }>(
    `select model_version as "modelVersion" from model_versions where model_name = $1 and state = 'champion'
     union select model_version from capture_batches where model_name = $1 and summarised_at is null
     union select v.model_version
             from model_versions v
             left join lateral (select max(window_end) as decided_until from drift_windows d
                                 where (d.model_name, d.model_version) = (v.model_name, v.model_version)
                                   and d.window_name = '${DEFAULT_WINDOW}' and d.segment = '') d on true
            where v.model_name = $1
              and exists (select 1 from summaries s
                           where (s.model_name, s.model_version) = (v.model_name, v.model_version)
                             and s.segment = '' and s.bucket_start >= coalesce(d.decided_until, '-infinity')
                             and s.bucket_start >= $2::timestamptz - make_interval(secs => ${LAST_WINDOW_SECONDS}))
     order by 1`,
    [modelName, now],
  );
  const versions: ModelVersion[] = [];
  for (const { modelVersion } of rows) {
    const version = await loadVersion(db, modelName, modelVersion);
    if (!version) throw new Error(`rows of ${modelName} version ${modelVersion} are stored, but it is not registered`);
    versions.push(version);
  }
  return versions;
}

/** Versions of a model with decided windows whose performance was not computed, or has changed since. */
export async function loadMeasuredVersions(db: Queryable, modelName: string): Promise<number[]> {
  const { rows } = await db.query<{ modelVersion: number }>(
    `select distinct model_version as "modelVersion"
       from drift_windows
       join model_versions v using (model_name, model_version)
       left join performance_windows p using (model_name, model_version, window_name, segment, window_start)
      where model_name = $1 and v.reference_performance is not null and (p.report is null or p.stale)
      order by 1`,
    [modelName],
  );
  return rows.map((row) => row.modelVersion);
}
