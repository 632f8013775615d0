import { describe, expect, test } from 'vitest';
import { createCalendar } from '../../../monitor/windows/calendar.js';

const HOUR = 3_600;
const at = (text: string): number => Date.parse(text) / 1_000;

test.each([
  ['Europe/Berlin', '2026-03-29T12:00:00+02:00', '2026-03-29T00:00:00+01:00', 23],
  ['Europe/Berlin', '2026-10-25T12:00:00+01:00', '2026-10-25T00:00:00+02:00', 25],
  ['America/New_York', '2026-03-08T00:30:00-05:00', '2026-03-08T00:00:00-05:00', 23],
  // Clocks went from 24:00 to 01:00: the day has no midnight.
  ['America/Sao_Paulo', '2018-11-04T12:00:00-02:00', '2018-11-04T01:00:00-02:00', 23],
  // Clocks went from 24:00 back to 23:00: the day before has that hour twice.
  ['America/Sao_Paulo', '2018-02-17T12:00:00-02:00', '2018-02-17T00:00:00-02:00', 25],
  ['Asia/Kathmandu', '2026-01-15T12:00:00+05:45', '2026-01-15T00:00:00+05:45', 24],
  ['UTC', '2026-01-15T12:00:00Z', '2026-01-15T00:00:00Z', 24],
])('a day of %s around %s begins at %s and has %d hours', (timeZone, instant, start, hours) => {
  const { startOf, nextStart } = createCalendar('day', timeZone);
  expect(startOf(at(instant))).toBe(at(start));
  expect(nextStart(at(instant)) - at(start)).toBe(hours * HOUR);
});

test.each(['Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Gaza'])(
  'every quarter of an hour of three years is in exactly one day of %s, and days follow one another',
  (timeZone) => {
    const { startOf, nextStart } = createCalendar('day', timeZone);
    let start = startOf(at('2017-01-01T12:00:00Z'));
    for (let day = 0; day < 1_100; day++) {
      const end = nextStart(start);
      expect(end - start).toBeGreaterThanOrEqual(22 * HOUR);
      expect(end - start).toBeLessThanOrEqual(26 * HOUR);
      expect([startOf(start), startOf(end - 900), startOf(end)]).toEqual([start, start, end]);
      start = end;
    }
  },
);

test('weeks begin on Monday, months on their first day', () => {
  const week = createCalendar('week', 'Europe/Berlin');
  expect(week.startOf(at('2026-04-01T12:00:00+02:00'))).toBe(at('2026-03-30T00:00:00+02:00'));
  expect(week.nextStart(at('2026-03-25T12:00:00+01:00'))).toBe(at('2026-03-30T00:00:00+02:00'));
  expect(week.startOf(at('2026-03-29T23:59:59+02:00'))).toBe(at('2026-03-23T00:00:00+01:00'));
  const month = createCalendar('month', 'Europe/Berlin');
  expect(month.startOf(at('2026-12-31T23:59:59+01:00'))).toBe(at('2026-12-01T00:00:00+01:00'));
  expect(month.nextStart(at('2026-12-31T23:59:59+01:00'))).toBe(at('2027-01-01T00:00:00+01:00'));
});

describe('the same local time of an earlier day', () => {
  const { daysBefore } = createCalendar('day', 'Europe/Berlin');
  test('is the same hour of the clock, though the clocks changed in between', () => {
    expect(daysBefore(at('2026-03-30T14:00:00+02:00'), 7)).toBe(at('2026-03-23T14:00:00+01:00'));
    expect(daysBefore(at('2026-01-15T14:00:00+01:00'), 1)).toBe(at('2026-01-14T14:00:00+01:00'));
  });
  test('is an hour earlier where the clocks skipped it', () => {
    expect(daysBefore(at('2026-03-30T02:30:00+02:00'), 1)).toBe(at('2026-03-29T01:30:00+01:00'));
  });
});
