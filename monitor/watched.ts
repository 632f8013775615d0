import type { Queryable } from '../core/postgres/pool.js';
import { loadVersion, type ModelVersion } from '../core/registry/versions.js';

/** Models with something to do in a pass: a champion, rows to summarise, or an alert to send. By name. */
export async function loadWatchedModels(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ modelName: string }>(
    `select model_name as "modelName" from model_versions where state = 'champion'
     union select model_name from capture_batches where summarised_at is null
     union select model_name from alerts where ends_at is null or last_sent_at is null or last_sent_at < ends_at
     order by 1`,
  );
  return rows.map((row) => row.modelName);
}

/** Versions of a model that are watched in a pass: the champion, and those with rows to summarise. Oldest first. */
export async function loadWatchedVersions(db: Queryable, modelName: string): Promise<ModelVersion[]> {
  const { rows } = await db.query<{ modelVersion: number }>(
    `select model_version as "modelVersion" from model_versions where model_name = $1 and state = 'champion'
     union select model_version from capture_batches where model_name = $1 and summarised_at is null
     order by 1`,
    [modelName],
  );
  const versions: ModelVersion[] = [];
  for (const { modelVersion } of rows) {
    const version = await loadVersion(db, modelName, modelVersion);
    if (!version) throw new Error(`rows of ${modelName} version ${modelVersion} are stored, but it is not registered`);
    versions.push(version);
  }
  return versions;
}
