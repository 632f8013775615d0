const DAY = 86_400;

/** The days, weeks or months of a time zone. Times are seconds since 1970. */
export interface Calendar {
  /** Start of the unit that holds an instant. */
  startOf(seconds: number): number;
  /** Start of the unit after the one that holds an instant. */
  nextStart(seconds: number): number;
  /** The same local time some days earlier; where the clocks skip it, an hour earlier. */
  daysBefore(seconds: number, days: number): number;
}

/** A local date; months count from 1, and a day may lie outside its month. */
interface LocalDate {
  year: number;
  month: number;
  day: number;
}

/**
 * Makes the calendar of a time zone. A unit begins at the first instant of its first day, so that a day has 23 or 25
 * hours where clocks change, and no instant is in two units or in none. Weeks begin on Monday.
 * @param timeZone  an IANA name; @throws RangeError when it is none
 */
export function createCalendar(unit: 'day' | 'week' | 'month', timeZone: string): Calendar {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  /** Seconds since 1970 that a clock in UTC would show what the local clock shows. */
  const localClock = (seconds: number): number => {
    const part = Object.fromEntries(
      format.formatToParts(seconds * 1_000).map(({ type, value }) => [type, Number(value)]),
    );
    return Date.UTC(part.year!, part.month! - 1, part.day, part.hour, part.minute, part.second) / 1_000;
  };
  const offset = (seconds: number): number => localClock(seconds) - Math.floor(seconds);
  const dateOf = (seconds: number): LocalDate => {
    const date = new Date(localClock(seconds) * 1_000);
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  };
  /** Of the instants that the offsets around a day allow for its midnight, the first that is on that day. */
  const firstInstant = (date: LocalDate): number => {
    const midnight = Date.UTC(date.year, date.month - 1, date.day) / 1_000;
    const candidates = [offset(midnight - DAY), offset(midnight + DAY)].map((seconds) => midnight - seconds);
    const sameDay = candidates.filter((at) => Math.floor(localClock(at) / DAY) * DAY === midnight);
    return Math.min(...(sameDay.length > 0 ? sameDay : candidates));
  };
  const firstDay = (date: LocalDate): LocalDate => {
    if (unit === 'month') return { ...date, day: 1 };
    if (unit === 'day') return date;
    const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
    return { ...date, day: date.day - ((weekday + 6) % 7) };
  };
  const following = (date: LocalDate): LocalDate =>
    unit === 'month' ? { ...date, month: date.month + 1 } : { ...date, day: date.day + (unit === 'week' ? 7 : 1) };
  return {
    startOf: (seconds) => firstInstant(firstDay(dateOf(seconds))),
    nextStart: (seconds) => firstInstant(following(firstDay(dateOf(seconds)))),
    daysBefore: (seconds, days) => {
      const date = dateOf(seconds);
      const sinceMidnight = localClock(seconds) % DAY;
      const midnight = firstInstant({ ...date, day: date.day - days });
      const guess = midnight + sinceMidnight;
      return guess - (offset(guess) - offset(midnight));
    },
  };
}
