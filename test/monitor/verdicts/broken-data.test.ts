import { expect, test } from 'vitest';
import { createRandom, type Random } from '../../../core/random.js';
import { decideNumbers, numericSubject } from './numeric-window.js';

type Draw = (random: Random) => number;
const share =
  (part: number, value: Draw, other: Draw): Draw =>
  (random) =>
    random.next() < part ? value(random) : other(random);
const positive: Draw = (random) => Math.exp(random.normal());
const always =
  (value: number): Draw =>
  () =>
    value;

// A stuck sensor and an error code were once invisible: no bin had an edge at the reference's least value or above its
// greatest, so what replaced a heavy value fell into the bin of that value.
test.each<[string, Draw, Draw]>([
  ['a constant 5 that turns into 5000', always(5), always(5_000)],
  ['a constant 5 that turns into 4.9', always(5), always(4.9)],
  ['70 % zeros that turn into -1', share(0.7, always(0), positive), share(0.7, always(-1), positive)],
  [
    '70 % zeros that turn into a small positive value',
    share(0.7, always(0), positive),
    share(0.7, always(1e-6), positive),
  ],
  ['30 % at a cap that go above it', share(0.3, always(50), positive), share(0.3, always(51), positive)],
  [
    'a flag of 0 and 1 that turns into 0.5 and 77',
    share(0.5, always(0), always(1)),
    share(0.5, always(0.5), always(77)),
  ],
  ['a flag of 99 % zeros that turns into -999', share(0.99, always(0), always(1)), always(-999)],
  ['a flag of 99 % zeros that turns into 0.5', share(0.99, always(0), always(1)), always(0.5)],
  ['a flag of 99 % zeros that turns into 2', share(0.99, always(0), always(1)), always(2)],
  ['99 % zeros and continuous values that turn into -999', share(0.99, always(0), positive), always(-999)],
  ['counts of 0 to 14 that are now off by a half', (r) => r.integer(15), (r) => r.integer(15) + 0.5],
  ['a continuous value that is stuck', positive, always(1)],
  ['a continuous value that is an error code', positive, always(-999)],
  ['a continuous value that is an error code in 5 % of rows', positive, share(0.05, always(-999), positive)],
  ['a continuous value that is 1e9 in 5 % of rows', positive, share(0.05, always(1e9), positive)],
  ['a continuous value that is infinite in 5 % of rows', positive, share(0.05, always(Infinity), positive)],
  [
    'values that were hardly ever missing and are now, in 10 %',
    share(0.02, always(Number.NaN), positive),
    share(0.1, always(Number.NaN), positive),
  ],
])('sees %s', (_, reference, current) => {
  const random = createRandom(41);
  const subject = numericSubject(
    'sensor',
    Array.from({ length: 4_000 }, () => reference(random)),
  );
  const calm = Array.from({ length: 300 }, () => reference(random));
  const broken = Array.from({ length: 300 }, () => current(random));
  expect(decideNumbers([subject], [calm]).subjects[0]).toMatchObject({ exceeded: false, verdict: 'ok' });
  expect(decideNumbers([subject], [broken]).subjects[0]).toMatchObject({ exceeded: true, verdict: 'warning' });
});
