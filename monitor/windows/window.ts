import type { WindowSpec } from '../../core/manifest/monitoring-schema.js';
import { createCalendar } from './calendar.js';

/** Rows counted in one bucket that is closed. Times are seconds since 1970. */
export interface Bucket {
  start: number;
  rows: number;
}

/** A closed window [start, end) in event time, seconds since 1970. */
export interface Window {
  start: number;
  end: number;
  rows: number;
}

/**
 * The windows that closed since the last decided one, oldest first. Depends on the buckets and times only, never on
 * how often it is asked: windows decided in one go after down-time are those of a monitor that ran all along.
 * @param buckets  closed buckets that start at or after `from`, ascending; empty ones may be left out
 * @param from  end of the last decided window; undefined before the first
 * @param until  event time up to which buckets are closed
 */
export function closedWindows(options: {
  spec: WindowSpec;
  buckets: Bucket[];
  bucketSeconds: number;
  from: number | undefined;
  until: number;
}): Window[] {
  const { spec, buckets, bucketSeconds, until } = options;
  const first = buckets[0]?.start;
  if ('rows' in spec) return windowsByRows(spec.rows, buckets, bucketSeconds, options.from ?? first ?? until);
  const { startOf, nextStart } = timeBounds(spec);
  return windowsByTime(nextStart, buckets, options.from ?? (first === undefined ? until : startOf(first)), until);
}

/** Where windows measured in time begin. */
export interface TimeBounds {
  /** Start of the window that holds an instant. */
  startOf(seconds: number): number;
  /** Start of the one after it. */
  nextStart(seconds: number): number;
}

/** Bounds of windows of a number of minutes, at multiples of that length since 1970, or of a time zone's calendar. */
export function timeBounds(spec: Exclude<WindowSpec, { rows: number }>): TimeBounds {
  if ('calendar' in spec) return createCalendar(spec.calendar, spec.timeZone);
  const length = spec.minutes * 60;
  const startOf = (seconds: number): number => Math.floor(seconds / length) * length;
  return { startOf, nextStart: (seconds) => startOf(seconds) + length };
}

/** A window closes at the end of the bucket in which it reaches its rows. */
function windowsByRows(least: number, buckets: Bucket[], bucketSeconds: number, from: number): Window[] {
  const windows: Window[] = [];
  let start = from;
  let rows = 0;
  for (const bucket of buckets) {
    rows += bucket.rows;
    if (rows < least) continue;
    const end = bucket.start + bucketSeconds;
    windows.push({ start, end, rows });
    start = end;
    rows = 0;
  }
  return windows;
}

/** Windows one after the other; one without rows is a window too. The first may be cut short by `from`. */
function windowsByTime(
  nextStart: (seconds: number) => number,
  buckets: Bucket[],
  from: number,
  until: number,
): Window[] {
  const windows: Window[] = [];
  let next = 0;
  let start = from;
  for (let end = nextStart(start); end <= until; end = nextStart(start)) {
    let rows = 0;
    while (next < buckets.length && buckets[next]!.start < end) rows += buckets[next++]!.rows;
    windows.push({ start, end, rows });
    start = end;
  }
  return windows;
}
