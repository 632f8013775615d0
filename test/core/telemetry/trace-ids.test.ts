import { expect, test } from 'vitest';
import { createTraceIds } from '../../../core/telemetry/trace-ids.js';

test('ids have the form of W3C Trace Context and do not repeat', () => {
  const ids = createTraceIds();
  const traces = Array.from({ length: 2_000 }, ids.traceId);
  const spans = Array.from({ length: 2_000 }, ids.spanId);
  expect(traces.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  expect(spans.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  expect(new Set([...traces, ...spans]).size).toBe(4_000);
});

test('never gives the id of zeros, which means that there is none', () => {
  let fills = 0;
  const ids = createTraceIds((bytes) => bytes.fill(fills++ === 0 ? 0 : 7));
  expect(ids.traceId()).toBe('07'.repeat(16));
});
