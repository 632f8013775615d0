import { describe, expect, it } from 'vitest';
import { parseTimestamp } from '../../../core/preparation/timestamp.js';

describe('parseTimestamp', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2026-03-08T19:30:00Z', Date.UTC(2026, 2, 8, 19, 30)],
    ['2026-03-01T12:00:00+01:00', Date.UTC(2026, 2, 1, 11)],
    ['2026-03-01t12:00:00.5-05:30', Date.UTC(2026, 2, 1, 17, 30, 0, 500)],
    ['2024-02-29 23:59:59.123456z', Date.UTC(2024, 1, 29, 23, 59, 59, 123)],
    ['0050-01-01T00:00:00Z', new Date('0050-01-01T00:00:00Z').getTime()],
  ])('reads %s', (text, milliseconds) => {
    expect(parseTimestamp(text)).toBe(milliseconds);
  });

  it.each([
    '2026-03-08T19:30:00',
    '2026-03-08',
    '2023-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:60:00Z',
    '2026-01-01T00:00:00+24:00',
    '1767225600',
    '',
    'yesterday',
  ])('does not take %j', (text) => {
    expect(parseTimestamp(text)).toBeNaN();
  });

  it('agrees with Date on every form that both take', () => {
    for (let day = 0; day < 40_000; day += 97) {
      const text = new Date(day * 86_400_000 + day * 1_234).toISOString();
      expect(parseTimestamp(text)).toBe(Date.parse(text));
    }
  });
});
