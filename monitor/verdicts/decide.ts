import type { Pool } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadBuckets, loadWindowCounts } from '../windows/buckets.js';
import { closedWindows } from '../windows/window.js';
import { decideWindow, type WindowDecision } from './decide-window.js';
import { monitoringOf } from './monitoring.js';
import { loadPast, storeDecision } from './stored.js';

/**
 * Decides and stores every window of a version that closed since the last decided one, in order.
 * @param decidedUntil  end of the newest decided window, seconds since 1970
 * @param closedUntil  event time up to which rows are taken as complete, seconds since 1970
 */
export async function decideWindows(options: {
  pool: Pool;
  version: ModelVersion;
  bucketSeconds: number;
  windowRows: number | undefined;
  decidedUntil: number | undefined;
  closedUntil: number;
  clock: () => Date;
}): Promise<WindowDecision[]> {
  const { pool, version, bucketSeconds, decidedUntil, closedUntil, clock } = options;
  const monitoring = monitoringOf(version.manifest, options.windowRows);
  const buckets = await loadBuckets(pool, version, { from: decidedUntil, until: closedUntil });
  // A version that no longer answers gets no rows: its empty windows would say nothing, for ever.
  const until = version.state === 'champion' ? closedUntil : (buckets.at(-1)?.start ?? 0) + bucketSeconds;
  const windows = closedWindows({ spec: monitoring.window, buckets, bucketSeconds, from: decidedUntil, until });
  const decisions: WindowDecision[] = [];
  for (const window of windows) {
    const counts = await loadWindowCounts(pool, version, window);
    const past = await loadPast(pool, version, window.start, Math.max(1, monitoring.confirm[1] - 1));
    const profile = version.referenceProfile;
    const decision = decideWindow({ profile, monitoring, window, counts, past });
    await storeDecision(pool, version, decision, clock());
    decisions.push(decision);
  }
  return decisions;
}
