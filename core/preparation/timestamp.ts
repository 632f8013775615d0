const RFC_3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** What a point in time looks like, for messages. */
export const TIMESTAMP_EXAMPLE = '2026-01-31T12:00:00Z';

/**
 * Milliseconds since 1970 of a date, a time to the second or finer, and a zone (RFC 3339; what is finer than a millisecond is
 * cut off). NaN for any other text, for a day that the calendar does not have, and for a leap second.
 */
export function parseTimestamp(text: string): number {
  const found = RFC_3339.exec(text);
  if (!found) return Number.NaN;
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number) as number[];
  const [offsetHours, offsetMinutes] = [Number(found[9] ?? 0), Number(found[10] ?? 0)];
  if (hour! > 23 || minute! > 59 || second! > 59 || offsetHours > 23 || offsetMinutes > 59) return Number.NaN;
  const midnight = new Date(0).setUTCFullYear(year!, month! - 1, day!);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month! - 1 || date.getUTCDate() !== day) return Number.NaN;
  const milliseconds = found[7] === undefined ? 0 : Number(found[7].slice(1, 4).padEnd(3, '0'));
  const offset = (found[8] === '-' ? -1 : 1) * (offsetHours * 60 + offsetMinutes);
  return midnight + ((hour! * 60 + minute! - offset) * 60 + second!) * 1_000 + milliseconds;
}

/** Whether a text is a point in time that `parseTimestamp` reads. */
export function isTimestamp(text: string): boolean {
  return !Number.isNaN(parseTimestamp(text));
}
