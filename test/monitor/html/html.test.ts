import { expect, test } from 'vitest';
import { ago, duration, figure, instantText, listed, percent, period } from '../../../monitor/html/format.js';
import { html } from '../../../monitor/html/html.js';

test('escapes values in text and attributes, and leaves markup of its own', () => {
  const name = `<script>"it's" & more</script>`;
  const inner = html`<b title="${name}">${name}</b>`;
  const escaped = '&lt;script&gt;&quot;it&#39;s&quot; &amp; more&lt;/script&gt;';
  expect(html`<p>${inner}</p>`.text).toBe(`<p><b title="${escaped}">${escaped}</b></p>`);
});

test('joins lists, prints zero, and leaves out what is not there', () => {
  expect(html`${[1, 'a', [html`<i>`]]}|${0}|${null}${undefined}${false}|`.text).toBe('1a<i>|0||');
});

test.each([
  [0, '0'],
  [0.12345, '0.123'],
  [-0.0456, '−0.0456'],
  [1234.5, '1,235'],
  [0.00001234, '1.23e−5'],
  [2_500_000, '2.50e+6'],
  [12.3, '12.3'],
  [100, '100'],
  [Number.POSITIVE_INFINITY, '∞'],
  [Number.NaN, '–'],
  [null, '–'],
])('figure(%s) is %s', (value, text) => {
  expect(figure(value)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.0001, '< 0.1 %'],
  [0.0123, '1.2 %'],
  [0.5, '50 %'],
  [1, '100 %'],
  [null, '–'],
])('percent(%s) is %s', (value, text) => {
  expect(percent(value)).toBe(text);
});

test('lengths of time in their largest whole unit', () => {
  expect([0.4, 1, 59, 60, 7_199, 86_400 * 3].map(duration)).toEqual([
    '0 seconds',
    '1 second',
    '59 seconds',
    '1 minute',
    '1 hour',
    '3 days',
  ]);
});

test('instants are in UTC, in words and for programs', () => {
  const noon = new Date('2026-01-15T12:00:00+02:00');
  expect(instantText(noon)).toBe('2026-01-15 10:00 UTC');
  expect(instantText('2026-01-15T10:00:07Z')).toBe('2026-01-15 10:00:07 UTC');
  expect(ago(noon, new Date(noon.getTime() + 90_000)).text).toBe(
    '<time datetime="2026-01-15T10:00:00.000Z" title="2026-01-15 10:00 UTC">1 minute ago</time>',
  );
  expect(period(noon, '2026-01-15T10:01:00Z').text.replaceAll(/<[^>]*>/g, '')).toBe('2026-01-15 10:00 – 10:01 UTC');
});

test('lists in words', () => {
  expect([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed)).toEqual(['', 'a', 'a and b', 'a, b and c']);
});
