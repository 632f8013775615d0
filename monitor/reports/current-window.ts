import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { decideWindow, type WindowDecision } from '../verdicts/decide-window.js';
import { monitoringOf } from '../verdicts/monitoring.js';
import { loadWindows } from '../verdicts/stored.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
import { bucketSecondsOf } from '../windows/bucket-lengths.js';
import { loadBuckets, loadWindowCounts, type SubjectCounts } from '../windows/buckets.js';
import type { AskedWindow } from './asked-window.js';

/** The rows that a report is about: their counts over the frozen cells, and what is to be said of each subject. */
export interface CurrentWindow {
  start: Date;
  end: Date;
  rows: number;
  verdict: Verdict;
  counts: SubjectCounts[];
  subjects: SubjectVerdict[];
  /** Whether the monitor decided this window; if not, it is judged on its own, without the windows before it. */
  decided: boolean;
}

/**
 * The window that was asked for. One that the monitor decided has the stored verdicts; any other is judged by itself: k of
 * n windows would need others of the same length. Its ends are moved outwards to those of buckets.
 * @returns undefined when there is no decided window, or no bucket in the interval
 */
export async function loadCurrentWindow(
  db: Queryable,
  version: ModelVersion,
  asked: AskedWindow,
  windowRows: number | undefined,
): Promise<CurrentWindow | undefined> {
  return asked === 'latest' ? loadLatest(db, version) : loadInterval(db, version, asked, windowRows);
}

/** Stands in where nothing was counted yet: then there is nothing to sum either. */
const ANY_LENGTH = 60;

async function loadLatest(db: Queryable, version: ModelVersion): Promise<CurrentWindow | undefined> {
  const { modelName, modelVersion } = version;
  const [newest] = await loadWindows(db, { modelName, modelVersion, limit: 1 });
  if (!newest) return undefined;
  const { windowStart: start, windowEnd: end, rowCount: rows, verdict, subjects } = newest;
  const window = { start: start.getTime() / 1_000, end: end.getTime() / 1_000, rows };
  const bucketSeconds = await bucketSecondsOf(db, version, ANY_LENGTH);
  const counts = await loadWindowCounts(db, version, window, { bucketSeconds });
  return { start, end, rows, verdict, subjects, counts, decided: true };
}

async function loadInterval(
  db: Queryable,
  version: ModelVersion,
  { from, until }: { from: number; until: number },
  windowRows: number | undefined,
): Promise<CurrentWindow | undefined> {
  const bucketSeconds = await bucketSecondsOf(db, version, ANY_LENGTH);
  const start = Math.floor(from / bucketSeconds) * bucketSeconds;
  const end = Math.ceil(until / bucketSeconds) * bucketSeconds;
  const buckets = await loadBuckets(db, version, { from: start, until: end, bucketSeconds });
  const rows = buckets.reduce((sum, bucket) => sum + bucket.rows, 0);
  if (rows === 0) return undefined;
  const window = { start, end, rows };
  const counts = await loadWindowCounts(db, version, window, { bucketSeconds });
  const { verdict, subjects } = judgeAlone(version, window, counts, windowRows);
  return {
    start: new Date(start * 1_000),
    end: new Date(end * 1_000),
    rows,
    verdict,
    subjects,
    counts,
    decided: false,
  };
}

function judgeAlone(
  version: ModelVersion,
  window: { start: number; end: number; rows: number },
  counts: SubjectCounts[],
  windowRows: number | undefined,
): WindowDecision {
  const monitoring = { ...monitoringOf(version.manifest, windowRows), confirm: [1, 1] as [number, number] };
  return decideWindow({ profile: version.referenceProfile, monitoring, window, counts, past: new Map() });
}
