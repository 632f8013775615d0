import type { Monitoring } from '../../core/manifest/manifest.js';
import type { Queryable } from '../../core/postgres/pool.js';
import { LEAST_REFERENCE_ROWS } from '../../core/reference/least-rows.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import type { SegmentCounts } from '../../core/reference/segment-counts.js';
import { ALL_ROWS } from '../../core/reference/segments.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadWindowCounts } from '../windows/buckets.js';
import { createCalendar } from '../windows/calendar.js';
import type { NamedWindow } from '../windows/named-windows.js';
import type { Window } from '../windows/window.js';
import { type DecideWindowInput, decideWindow, type WindowDecision } from './decide-window.js';
import { notComparableReason } from './reason.js';

/** What a window is compared with, and whether that has enough rows. */
export interface WindowReferenceProfile {
  profile: ReferenceProfile;
  enough: boolean;
}

const DAYS = { 'day-before': 1, 'week-before': 7 };

/**
 * What a window is compared with: the frozen reference, of a segment its rows of that segment; or the same local time of an
 * earlier day, counted over the same frozen cells.
 */
export async function loadReferenceOf(
  options: {
    db: Queryable;
    version: ModelVersion;
    bucketSeconds: number;
    named: NamedWindow;
    monitoring: Pick<Monitoring, 'minimumRows'>;
  },
  window: Window,
  segment: string,
): Promise<WindowReferenceProfile> {
  const { db, version, bucketSeconds, named } = options;
  const profile = version.referenceProfile;
  if (named.reference === 'frozen') {
    if (segment === ALL_ROWS) return { profile, enough: true };
    const part = profile.segments?.[segment] ?? { rows: 0, counts: [] };
    return { profile: withCounts(profile, part), enough: part.rows >= LEAST_REFERENCE_ROWS };
  }
  const { daysBefore } = createCalendar('day', named.timeZone);
  const days = DAYS[named.reference];
  const earlier = { start: daysBefore(window.start, days), end: daysBefore(window.end, days) };
  const counts = await loadWindowCounts(db, version, earlier, { bucketSeconds, segment });
  const rows = counts[0]?.counts.reduce((sum, count) => sum + count, 0) ?? 0;
  const compared = withCounts(profile, { rows, counts: counts.map((subject) => subject.counts) });
  return { profile: compared, enough: rows >= options.monitoring.minimumRows };
}

function withCounts(profile: ReferenceProfile, { rows, counts }: SegmentCounts): ReferenceProfile {
  const { heldOutRows: _, ...rest } = profile;
  const subjects = profile.subjects.map((subject, i) => ({
    ...subject,
    counts: counts[i] ?? subject.counts.map(() => 0),
  }));
  return { ...rest, rows, subjects };
}

/** Decides a window by its reference; where that has too few rows, on nothing. */
export function decideAgainst(
  { profile, enough }: WindowReferenceProfile,
  input: Omit<DecideWindowInput, 'profile'>,
): WindowDecision {
  const decision = decideWindow({ ...input, profile, counts: enough ? input.counts : [] });
  return enough ? decision : notComparable(decision, profile.rows);
}

function notComparable(decision: WindowDecision, referenceRows: number): WindowDecision {
  const subjects = decision.subjects.map((subject) => ({
    ...subject,
    reason: notComparableReason(subject.subject, referenceRows),
  }));
  return { ...decision, subjects };
}
