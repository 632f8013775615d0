import type { Queryable } from '../../core/postgres/pool.js';
import { loadChampions, type ModelVersion } from '../../core/registry/versions.js';
import { loadPerformanceWindows, type PerformanceWindow } from '../performance/window-performance.js';
import { loadQualityWindows, type QualityWindow } from '../quality/window-quality.js';

/** A champion with what is known of how it does. */
export interface ChampionPerformance {
  version: ModelVersion;
  /** Its newest window, and the newest that has outcomes. */
  newest: PerformanceWindow | undefined;
  labelled: PerformanceWindow | undefined;
  quality: QualityWindow | undefined;
}

/** Every champion with its newest windows of the series that alerts, as stored. */
export async function loadChampionPerformance(db: Queryable): Promise<ChampionPerformance[]> {
  const champions = await loadChampions(db);
  return Promise.all(
    champions.map(async (version) => {
      const { modelName, modelVersion } = version;
      const options = { modelName, modelVersion, limit: 1 };
      const [newest] = await loadPerformanceWindows(db, options);
      const [labelled] = await loadPerformanceWindows(db, { ...options, labelled: true });
      const [quality] = await loadQualityWindows(db, options);
      return { version, newest, labelled, quality };
    }),
  );
}
