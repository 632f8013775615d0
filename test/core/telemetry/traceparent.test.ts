import { expect, test } from 'vitest';
import { parseTraceparent } from '../../../core/telemetry/traceparent.js';

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];

test.each([
  ['01', true],
  ['00', false],
  ['03', true],
])('reads the sampled flag out of %s', (flags, sampled) => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-${flags}`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
});

test('reads what a later version of the standard may append', () => {
  expect(parseTraceparent(`01-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
});

test.each([
  undefined,
  '',
  'x',
  `ff-${TRACE}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01more`,
])('leaves out what is not valid: %s', (header) => {
  expect(parseTraceparent(header)).toBeUndefined();
});
