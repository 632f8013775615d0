import type { Queryable } from '../../core/postgres/pool.js';
import { loadReturnedAt } from '../../core/registry/term.js';
import { loadChampions, type ModelVersion } from '../../core/registry/versions.js';
import { loadJudgedWindow } from '../performance/judged-window.js';
import { loadPerformanceWindows, type PerformanceWindow } from '../performance/window-performance.js';
import { loadQualityWindows, type QualityWindow } from '../quality/window-quality.js';

/** A champion with what is known of how it does. */
export interface ChampionPerformance {
  version: ModelVersion;
  /** Its newest window, and the newest that has outcomes. */
  newest: PerformanceWindow | undefined;
  labelled: PerformanceWindow | undefined;
  /** The one it is judged by. */
  judged: PerformanceWindow | undefined;
  /** The newest whose outcomes the manifest expects by now. */
  due: PerformanceWindow | undefined;
  quality: QualityWindow | undefined;
}

/** Every champion with its newest windows of the series that alerts, as stored; of an earlier term, none counts. */
export async function loadChampionPerformance(db: Queryable, now: Date): Promise<ChampionPerformance[]> {
  const champions = await loadChampions(db);
  return Promise.all(
    champions.map(async (version) => {
      const { modelName, modelVersion, manifest } = version;
      const since = await loadReturnedAt(db, version);
      const options = { modelName, modelVersion, since, limit: 1 };
      const [newest] = await loadPerformanceWindows(db, options);
      const [labelled] = await loadPerformanceWindows(db, { ...options, labelled: true });
      const judged = await loadJudgedWindow(db, version);
      const { outcomes } = manifest.monitoring;
      const until = outcomes && now.getTime() / 1_000 - outcomes.withinMinutes * 60;
      const [due] = until === undefined ? [] : await loadPerformanceWindows(db, { ...options, until });
      const [quality] = await loadQualityWindows(db, options);
      return { version, newest, labelled, judged, due, quality };
    }),
  );
}
