import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { exposition } from '../../../core/telemetry/exposition.js';

/** What Prometheus 2.42 and 3 send. */
const PROMETHEUS =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

function filled(): Registry {
  const registry = new Registry();
  const rows = new Counter({ name: 'rows_total', help: 'Rows.', labelNames: ['result'], registers: [registry] });
  rows.inc({ result: 'stored' }, 3);
  new Gauge({ name: 'open', help: 'Open.', registers: [registry] }).set(2);
  const seconds = new Histogram<string>({
    name: 'seconds',
    help: 'S.',
    enableExemplars: true,
    buckets: [1],
    registers: [],
  });
  registry.registerMetric(seconds);
  seconds.observe({ labels: {}, value: 0.5, exemplarLabels: { trace_id: 'abc' } });
  return registry;
}

test('a scraper that prefers OpenMetrics gets it, with exemplars and the end mark', async () => {
  const { contentType, body } = await exposition(filled(), PROMETHEUS);
  expect(contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(body).toMatch(/^# TYPE rows counter\nrows_total\{result="stored"\} 3$/m);
  expect(body).toMatch(/^seconds_bucket\{le="1"\} 1 # \{trace_id="abc"\} 0.5 \d+\.\d+$/m);
  expect(body.endsWith('# EOF\n')).toBe(true);
});

test.each([
  undefined,
  '*/*',
  'text/plain',
  'application/openmetrics-text;q=0.2, text/plain;q=0.9',
  'application/openmetrics-text;q=0',
])(
  'one that asks by "%s" gets the classic text without exemplars, also after a scrape of the other kind',
  async (accept) => {
    const registry = filled();
    const before = await registry.metrics();
    await exposition(registry, PROMETHEUS);
    const { contentType, body } = await exposition(registry, accept);
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toBe(before);
    expect(body).toContain('# TYPE rows_total counter\nrows_total{result="stored"} 3\n');
    expect(body).not.toContain('trace_id');
  },
);
