import { type Html, html } from './html.js';

/** A whole number with separators: 1,234. */
export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** What is smaller is what rounding left of 0. */
const LEAST_FIGURE = 1e-12;

/** A number to three significant digits, without trailing zeros; large ones whole; an en dash where there is none. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size < LEAST_FIGURE) return '0';
  if (size >= 1e6 || size < 1e-4) return value.toExponential(2).replace('-', '−');
  const digits = size >= 1_000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return Number(digits).toLocaleString('en-US', { maximumFractionDigits: 8 }).replace('-', '−');
}

/** A share in [0, 1] as a percentage: one decimal below ten percent. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || Number.isNaN(share)) return '–';
  const value = share * 100;
  const digits = value !== 0 && value < 10 ? 1 : 0;
  return value > 0 && value < 0.05 ? '< 0.1 %' : `${value.toFixed(digits)} %`;
}

/** An instant for people and programs, in UTC: `2026-01-15 12:03:10 UTC`; without seconds where they are 0. */
export function instant(time: Date | string): Html {
  const iso = new Date(time).toISOString();
  return html`<time datetime="${iso}">${instantText(time)}</time>`;
}

/** The same as plain text. */
export function instantText(time: Date | string): string {
  const iso = new Date(time).toISOString();
  const seconds = iso.slice(16, 19) === ':00' ? '' : iso.slice(16, 19);
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds} UTC`;
}

const UNITS: [name: string, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** A length of time in its largest whole unit: `3 hours`; below a second `0 seconds`. */
export function duration(seconds: number): string {
  const [name, size] = UNITS.find(([, unit]) => seconds >= unit) ?? UNITS[3]!;
  const value = Math.floor(Math.max(0, seconds) / size);
  return `${value} ${name}${value === 1 ? '' : 's'}`;
}

/** How long ago something was, with the instant itself for programs and as a tooltip. */
export function ago(time: Date, now: Date): Html {
  const text = `${duration((now.getTime() - time.getTime()) / 1_000)} ago`;
  return html`<time datetime="${time.toISOString()}" title="${instantText(time)}">${text}</time>`;
}

/** A window [start, end): the date once where both are of one day. */
export function period(start: Date | string, end: Date | string): Html {
  const [from, to] = [instantText(start), instantText(end)];
  const short = from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to;
  return html`<time datetime="${new Date(start).toISOString()}">${from.replace(' UTC', '')}</time> – <time datetime="${new Date(end).toISOString()}">${short}</time>`;
}

/** A list in words: `a, b and c`. */
export function listed(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
