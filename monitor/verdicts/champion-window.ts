import type { Queryable } from '../../core/postgres/pool.js';
import { loadChampion, loadChampions, type ModelVersion } from '../../core/registry/versions.js';
import { loadWindows, type StoredWindow } from './stored.js';
import { loadReturnedAt } from './term.js';

/** A champion and the newest window decided on it, if any; of an earlier term of a version that returned, none counts. */
export interface ChampionWindow {
  version: ModelVersion;
  window: StoredWindow | undefined;
}

/** Every champion with its newest decided window, as stored: the same for a monitor that decided nothing itself. */
export async function loadChampionWindows(db: Queryable): Promise<ChampionWindow[]> {
  const champions = await loadChampions(db);
  return Promise.all(champions.map((version) => withWindow(db, version)));
}

/** The champion of one model with its newest decided window; undefined when the model has no champion. */
export async function loadChampionWindow(db: Queryable, modelName: string): Promise<ChampionWindow | undefined> {
  const version = await loadChampion(db, modelName);
  return version && withWindow(db, version);
}

async function withWindow(db: Queryable, version: ModelVersion): Promise<ChampionWindow> {
  const { modelName, modelVersion } = version;
  const since = await loadReturnedAt(db, version);
  const [window] = await loadWindows(db, { modelName, modelVersion, since, limit: 1 });
  return { version, window };
}
