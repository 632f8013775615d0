import { alertingWindows } from '../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { loadChampion, loadChampions, type ModelVersion } from '../../core/registry/versions.js';
import { loadNewestWindows, type StoredWindow } from './stored.js';
import { worstOf } from './worst-window.js';

/** A champion and the newest window decided on it, if any; of an earlier term of a version that returned, none counts. */
export interface ChampionWindow {
  version: ModelVersion;
  /** Of several windows that alert, what `worstOf` makes of the newest of each. */
  window: StoredWindow | undefined;
}

/** Every champion with its newest decided window, as stored: the same for a monitor that decided nothing itself. */
export async function loadChampionWindows(db: Queryable): Promise<ChampionWindow[]> {
  return withWindows(db, await loadChampions(db));
}

/** The champion of one model with its newest decided window; undefined when the model has no champion. */
export async function loadChampionWindow(db: Queryable, modelName: string): Promise<ChampionWindow | undefined> {
  const version = await loadChampion(db, modelName);
  const [found] = version ? await withWindows(db, [version]) : [];
  return found;
}

async function withWindows(db: Queryable, versions: ModelVersion[]): Promise<ChampionWindow[]> {
  const newest = await loadNewestWindows(
    db,
    versions.flatMap(({ modelName, modelVersion, manifest }) =>
      alertingWindows(manifest.monitoring).map((windowName) => ({ modelName, modelVersion, windowName })),
    ),
  );
  return versions.map((version) => {
    const own = newest.filter((window) => window.modelName === version.modelName);
    return { version, window: worstOf(own) };
  });
}
