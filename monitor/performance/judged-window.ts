import type { Queryable } from '../../core/postgres/pool.js';
import { loadReturnedAt } from '../../core/registry/term.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadJudged, type PerformanceWindow } from './window-performance.js';

/** The window by which a champion is judged (`loadJudged`); of an earlier term of a version that returned, none counts. */
export async function loadJudgedWindow(
  db: Queryable,
  version: Pick<ModelVersion, 'modelName' | 'modelVersion'>,
): Promise<PerformanceWindow | undefined> {
  return loadJudged(db, version, await loadReturnedAt(db, version));
}
