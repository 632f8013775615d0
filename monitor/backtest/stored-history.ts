import type { WindowSpec } from '../../core/manifest/monitoring-schema.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { bucketSecondsOf } from '../windows/bucket-lengths.js';
import { loadBuckets, loadWindowCounts } from '../windows/buckets.js';
import { closedWindows } from '../windows/window.js';
import type { PastWindow } from './history.js';

/** Buckets as short as any: where a version has buckets, theirs is the length. */
const SHORTEST_BUCKET_SECONDS = 60;

/** The windows of a version's stored counts, oldest first, cut by `spec`. Rows are not read: the counts are enough. */
export async function loadStoredHistory(db: Queryable, version: ModelVersion, spec: WindowSpec): Promise<PastWindow[]> {
  const bucketSeconds = await bucketSecondsOf(db, version, SHORTEST_BUCKET_SECONDS);
  const buckets = await loadBuckets(db, version, { from: undefined, until: FAR_FUTURE, bucketSeconds });
  const until = (buckets.at(-1)?.start ?? 0) + bucketSeconds;
  const windows = closedWindows({ spec, buckets, bucketSeconds, from: undefined, until });
  const history: PastWindow[] = [];
  for (const window of windows) {
    const counts = await loadWindowCounts(db, version, window, { bucketSeconds });
    history.push({ label: new Date(window.start * 1_000).toISOString(), window, counts, values: new Map() });
  }
  return history;
}

/** Year 9999: every bucket ends before. */
const FAR_FUTURE = 253_402_300_000;
