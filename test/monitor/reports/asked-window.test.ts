import { expect, test } from 'vitest';
import { parseWindow } from '../../../monitor/reports/asked-window.js';

const now = new Date('2026-03-29T12:00:00.400Z');
const seconds = (text: string): number => Date.parse(text) / 1_000;

test('the newest window, a length up to now, and two instants', () => {
  expect(parseWindow('latest', now)).toEqual({ newestOf: 'default' });
  expect(parseWindow('24h', now, ['default', '24h'])).toEqual({ newestOf: '24h' });
  expect(parseWindow('90m', now)).toEqual({
    from: seconds('2026-03-29T10:30:00Z'),
    until: seconds('2026-03-29T12:00:00Z'),
  });
  // A day is 24 hours, also where clocks were put forward in between.
  expect(parseWindow('1d', now)).toEqual({
    from: seconds('2026-03-28T12:00:00Z'),
    until: seconds('2026-03-29T12:00:00Z'),
  });
  expect(parseWindow('2026-03-28/2026-03-29T02:00', now)).toEqual({
    from: seconds('2026-03-28T00:00:00Z'),
    until: seconds('2026-03-29T02:00:00Z'),
  });
  expect(parseWindow('2026-03-28T00:00+02:00/2026-03-28T00:00Z', now)).toEqual({
    from: seconds('2026-03-27T22:00:00Z'),
    until: seconds('2026-03-28T00:00:00Z'),
  });
});

test.each([
  '',
  'yesterday',
  '0h',
  '-1h',
  '1.5h',
  '100000d',
  '2026-03-29',
  '2026-03-29/2026-03-28',
  '2026-03-28/2026-03-28',
  '2026-13-01/2026-14-01',
  'a/b',
  '2026-03-28/2026-03-29/2026-03-30',
])('"%s" is none', (text) => {
  expect(parseWindow(text, now)).toBeUndefined();
});
