import type { Queryable } from '../../core/postgres/pool.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { decideWindow, type WindowDecision } from '../verdicts/decide-window.js';
import { monitoringOf } from '../verdicts/monitoring.js';
import { loadWindows } from '../verdicts/stored.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
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
 * n windows would need others of the same length.
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

async function loadLatest(db: Queryable, version: ModelVersion): Promise<CurrentWindow | undefined> {
  const { modelName, modelVersion } = version;
  const [newest] = await loadWindows(db, { modelName, modelVersion, limit: 1 });
  if (!newest) return undefined;
  const { windowStart: start, windowEnd: end, rowCount: rows, verdict, subjects } = newest;
  const window = { start: start.getTime() / 1_000, end: end.getTime() / 1_000, rows };
  return { start, end, rows, verdict, subjects, counts: await loadWindowCounts(db, version, window), decided: true };
}

async function loadInterval(
  db: Queryable,
  version: ModelVersion,
  { from, until }: { from: number; until: number },
  windowRows: number | undefined,
): Promise<CurrentWindow | undefined> {
  const buckets = await loadBuckets(db, version, { from, until });
  const rows = buckets.reduce((sum, bucket) => sum + bucket.rows, 0);
  if (rows === 0) return undefined;
  const window = { start: from, end: until, rows };
  const counts = await loadWindowCounts(db, version, window);
  const decision = judgeAlone(version, window, counts, windowRows);
  const [start, end] = [new Date(from * 1_000), new Date(until * 1_000)];
  return { start, end, rows, verdict: decision.verdict, subjects: decision.subjects, counts, decided: false };
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
