import type { Pool } from '../../core/postgres/pool.js';
import type { ReferenceProfile } from '../../core/reference/profile.js';
import type { ModelVersion } from '../../core/registry/versions.js';
import { loadWindowCounts } from '../windows/buckets.js';
import { createCalendar } from '../windows/calendar.js';
import type { NamedWindow } from '../windows/named-windows.js';
import type { Window } from '../windows/window.js';
import type { WindowDecision } from './decide-window.js';
import { integer } from './words.js';

const DAYS = { 'day-before': 1, 'week-before': 7 };

/**
 * What a window is compared with: the frozen reference; or the same local time of an earlier day, counted over the same
 * frozen cells.
 */
export async function loadReferenceOf(
  options: { pool: Pool; version: ModelVersion; bucketSeconds: number; named: NamedWindow },
  window: Window,
  segment: string,
): Promise<ReferenceProfile> {
  const { pool, version, bucketSeconds, named } = options;
  const profile = version.referenceProfile;
  if (named.reference === 'frozen') return profile;
  const { daysBefore } = createCalendar('day', named.timeZone);
  const days = DAYS[named.reference];
  const earlier = { start: daysBefore(window.start, days), end: daysBefore(window.end, days) };
  const counts = await loadWindowCounts(pool, version, earlier, { bucketSeconds, segment });
  return {
    ...profile,
    rows: counts[0]?.counts.reduce((sum, count) => sum + count, 0) ?? 0,
    subjects: profile.subjects.map((subject, i) => ({
      ...subject,
      counts: counts[i]?.counts ?? subject.counts.map(() => 0),
    })),
  };
}

/** The decision on a window whose earlier counterpart has too few rows to compare with: none. */
export function notComparable(decision: WindowDecision, earlierRows: number, minimumRows: number): WindowDecision {
  const why = `${integer(earlierRows)} rows at the time it is compared with, at least ${integer(minimumRows)} are needed`;
  const subjects = decision.subjects.map((subject) => ({ ...subject, reason: `${subject.subject}: ${why}` }));
  return { ...decision, subjects };
}
