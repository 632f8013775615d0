import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import type { Queryable } from '../../core/postgres/pool.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { type Cause, causeOf, isMoved } from '../verdicts/cause/cause.js';
import { sampleValues } from '../verdicts/cause/sample-values.js';
import { monitoringOf } from '../verdicts/monitoring.js';
import { decideAgainst, loadReferenceOf, type WindowReferenceProfile } from '../verdicts/reference-of.js';
import { loadWindows } from '../verdicts/stored.js';
import type { SubjectVerdict, Verdict } from '../verdicts/verdict.js';
import { bucketSecondsOf } from '../windows/bucket-lengths.js';
import { loadBuckets, loadWindowCounts, type SubjectCounts } from '../windows/buckets.js';
import { namedWindows } from '../windows/named-windows.js';
import { type AskedWindow, toBuckets } from './asked-window.js';

/** The rows that a report is about: their counts over the frozen cells, and what is to be said of each subject. */
export interface CurrentWindow {
  start: Date;
  end: Date;
  rows: number;
  verdict: Verdict;
  counts: SubjectCounts[];
  /** What they are compared with: the frozen reference, its rows of the segment, or the rows of an earlier day. */
  reference: ReferenceProfile;
  subjects: SubjectVerdict[];
  cause: Cause | null;
  /** Whether the monitor decided this window; if not, it is judged on its own, without the windows before it. */
  decided: boolean;
}

/** What rows are asked for. */
export interface WindowQuestion {
  db: Queryable;
  version: ModelVersion;
  asked: AskedWindow;
  /** The part of the rows, as `segmentNames` has it; empty for all. */
  segment: string;
  /** Windows of this many rows, whatever the manifest says. */
  windowRows: number | undefined;
}

/**
 * The window that was asked for. One that the monitor decided has the stored verdicts; any other is judged by itself: k of
 * n windows would need others of the same length. Its ends are moved outwards to those of buckets.
 * @returns undefined when there is no decided window, or no bucket in the interval
 */
export async function loadCurrentWindow(question: WindowQuestion): Promise<CurrentWindow | undefined> {
  return 'newestOf' in question.asked
    ? loadNewest(question, question.asked.newestOf)
    : loadInterval(question, question.asked);
}

/** Stands in where nothing was counted yet: then there is nothing to sum either. */
export const ANY_LENGTH = 60;

async function loadNewest(question: WindowQuestion, windowName: string): Promise<CurrentWindow | undefined> {
  const { db, version, segment } = question;
  const { modelName, modelVersion } = version;
  const [newest] = await loadWindows(db, { modelName, modelVersion, windowName, segment, limit: 1 });
  if (!newest) return undefined;
  const { windowStart: start, windowEnd: end, rowCount: rows, verdict, subjects, cause } = newest;
  const window = { start: start.getTime() / 1_000, end: end.getTime() / 1_000, rows };
  const bucketSeconds = await bucketSecondsOf(db, version, ANY_LENGTH);
  const counts = await loadWindowCounts(db, version, window, { bucketSeconds, segment });
  const { profile: reference } = await loadReference(question, windowName, window, bucketSeconds);
  return { start, end, rows, verdict, subjects, counts, reference, cause, decided: true };
}

async function loadInterval(
  question: WindowQuestion,
  asked: { from: number; until: number },
): Promise<CurrentWindow | undefined> {
  const { db, version, segment, windowRows } = question;
  const bucketSeconds = await bucketSecondsOf(db, version, ANY_LENGTH);
  const { start, end } = toBuckets(asked, bucketSeconds);
  const buckets = await loadBuckets(db, version, { from: start, until: end, bucketSeconds });
  if (buckets.length === 0) return undefined;
  const counts = await loadWindowCounts(db, version, { start, end }, { bucketSeconds, segment });
  const rows = counts[0]?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  if (rows === 0) return undefined;
  const window = { start, end, rows };
  const reference = await loadReference(question, DEFAULT_WINDOW, window, bucketSeconds);
  const monitoring = { ...monitoringOf(version.manifest, windowRows), confirm: [1, 1] as [number, number] };
  const { verdict, subjects } = decideAgainst(reference, { monitoring, window, counts, past: new Map() });
  const moved = subjects.filter((subject) => subject.kind === 'feature' && isMoved(subject));
  // Where rows are stored, those of a segment are not told apart.
  const names = segment === '' ? moved.map(({ subject }) => subject) : [];
  const values = await sampleValues(db, version, window, names);
  return {
    start: new Date(start * 1_000),
    end: new Date(end * 1_000),
    rows,
    verdict,
    subjects,
    counts,
    reference: reference.profile,
    cause: causeOf({ profile: reference.profile, counts, subjects, values }),
    decided: false,
  };
}

async function loadReference(
  { db, version, segment, windowRows }: WindowQuestion,
  windowName: string,
  window: { start: number; end: number; rows: number },
  bucketSeconds: number,
): Promise<WindowReferenceProfile> {
  const monitoring = monitoringOf(version.manifest, windowRows);
  const named = namedWindows(monitoring).find(({ name }) => name === windowName)!;
  return loadReferenceOf({ db, version, bucketSeconds, named, monitoring }, window, segment);
}
