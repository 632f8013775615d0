import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadStretchPerformance } from '../performance/stretch-performance.js';
import type { StretchPerformance } from '../performance/window-performance.js';

/**
 * Performance in a stretch of time that was asked for, whatever windows were decided in it: sums of whole buckets.
 * @returns undefined without rows in it
 */
export async function loadAskedPerformance(
  db: Queryable,
  version: ModelVersion,
  stretch: { start: number; end: number; segment: string; bucketSeconds: number },
): Promise<StretchPerformance | undefined> {
  // Windows within the stretch, too, tell how many outcomes come.
  const series = { windowName: DEFAULT_WINDOW, coverageUntil: stretch.end };
  const { report, ...measured } = await loadStretchPerformance(db, version, { ...stretch, ...series });
  if (measured.servedRows + measured.labelledRows === 0) return undefined;
  return {
    ...report,
    ...measured,
    modelVersion: version.modelVersion,
    windowStart: new Date(stretch.start * 1_000),
    windowEnd: new Date(stretch.end * 1_000),
  };
}
