import type { Random } from '../../core/random.js';

/** How the values of one feature fall, without drift. Missing is NaN, or null for a text. */
export type Shape = { name: string } & (
  | { number: (random: Random) => number }
  | { text: (random: Random) => string | null }
);

const number = (name: string, draw: (random: Random) => number): Shape => ({ name, number: draw });
const text = (name: string, draw: (random: Random) => string | null): Shape => ({ name, text: draw });

/** Category of a Zipf-like law over `most` of them: the first in about 1 / ln(most) of the rows. */
const zipf =
  (most: number) =>
  (random: Random): string =>
    `c${Math.floor(most ** random.next())}`;

/** Features as tables have them: skewed, tied, with atoms, with missing values, of few and of many categories. */
export const SHAPES: readonly Shape[] = [
  number('normal', (r) => r.normal()),
  number('uniform', (r) => r.next()),
  number('log-normal, sigma 1', (r) => Math.exp(r.normal())),
  number('log-normal, sigma 2', (r) => Math.exp(2 * r.normal())),
  number('exponential', (r) => -Math.log(1 - r.next())),
  number('two groups', (r) => r.normal() + (r.next() < 0.3 ? 6 : 0)),
  number('rounded to tenths', (r) => Math.round(r.normal() * 10) / 10),
  number('integers of 40', (r) => r.integer(40)),
  number('counts with a thin tail', (r) => Math.floor(-2 * Math.log(1 - r.next()))),
  number('zero in 70 %', (r) => (r.next() < 0.7 ? 0 : Math.exp(r.normal()))),
  number('zero in 99 %', (r) => (r.next() < 0.99 ? 0 : Math.exp(r.normal()))),
  number('capped in 16 %', (r) => Math.min(1, r.normal())),
  number('flag of 50 %', (r) => r.integer(2)),
  number('flag of 1 %', (r) => (r.next() < 0.01 ? 1 : 0)),
  number('missing in 30 %', (r) => (r.next() < 0.3 ? Number.NaN : r.normal())),
  number('missing in 1 %', (r) => (r.next() < 0.01 ? Number.NaN : Math.exp(r.normal()))),
  text('two categories, 90 and 10 %', (r) => (r.next() < 0.1 ? 'a' : 'b')),
  text('five categories', zipf(5)),
  text('30 categories', zipf(30)),
  text('300 categories', zipf(300)),
  text('5,000 categories', zipf(5_000)),
  text('nearly unique', (r) => `id${r.integer(1_000_000)}`),
  text('category missing in 5 %', (r) => (r.next() < 0.05 ? null : zipf(8)(r))),
];
