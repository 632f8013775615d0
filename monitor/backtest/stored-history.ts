import type { Queryable } from '../../core/postgres/pool.js';
import { ALL_ROWS } from '../../core/reference/segments.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { sampleValues } from '../verdicts/cause/sample-values.js';
import { loadReferenceOf } from '../verdicts/reference-of.js';
import { bucketSecondsOf } from '../windows/bucket-lengths.js';
import { loadBuckets, loadWindowCounts } from '../windows/buckets.js';
import { namedWindows } from '../windows/named-windows.js';
import { closedWindows } from '../windows/window.js';
import type { PastWindow } from './history.js';

/** Buckets as short as any: where a version has buckets, theirs is the length. */
const SHORTEST_BUCKET_SECONDS = 60;

/**
 * The windows of a version's stored counts, of all that its configuration alerts on, in the order in which they end. Rows are
 * read only for the cause, and only those of windows in which something moved.
 */
export async function loadStoredHistory(db: Queryable, version: ModelVersion): Promise<PastWindow[]> {
  const { monitoring } = version.manifest;
  const bucketSeconds = await bucketSecondsOf(db, version, SHORTEST_BUCKET_SECONDS);
  const buckets = await loadBuckets(db, version, { from: undefined, until: FAR_FUTURE, bucketSeconds });
  const until = (buckets.at(-1)?.start ?? 0) + bucketSeconds;
  const history: PastWindow[] = [];
  for (const named of namedWindows(monitoring).filter(({ alerts }) => alerts)) {
    for (const window of closedWindows({ spec: named.spec, buckets, bucketSeconds, from: undefined, until })) {
      history.push({
        windowName: named.name,
        label: new Date(window.start * 1_000).toISOString(),
        window,
        counts: await loadWindowCounts(db, version, window, { bucketSeconds }),
        reference: await loadReferenceOf({ db, version, bucketSeconds, named, monitoring }, window, ALL_ROWS),
        sampleValues: (names) => sampleValues(db, version, window, names),
      });
    }
  }
  return history.sort((a, b) => a.window.end - b.window.end);
}

/** Year 9999: every bucket ends before. */
const FAR_FUTURE = 253_402_300_000;
