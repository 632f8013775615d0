import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadReturnedAt } from '../verdicts/term.js';
import { loadPerformanceWindows, type PerformanceWindow } from './window-performance.js';

/**
 * The newest window of a champion with enough outcomes to say how it does: later ones, whose outcomes are still to come,
 * change nothing. Undefined before any; of an earlier term of a version that returned, none counts.
 */
export async function loadJudgedWindow(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
): Promise<PerformanceWindow | undefined> {
  const { modelName, modelVersion } = version;
  const since = await loadReturnedAt(db, version);
  const [window] = await loadPerformanceWindows(db, { modelName, modelVersion, since, judged: true, limit: 1 });
  return window;
}
