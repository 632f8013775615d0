import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql } from '../../panels/query.js';

/** How full the service is: what comes before requests are refused. */
export const serviceSaturation = (): Builder<Panel>[] => [
  lines({
    title: 'Does the event loop keep up?',
    description: 'The 99th percentile of the event loop’s delay, the worst process. Every request waits for as long.',
    unit: 's',
    min: 0,
    noData: 'The service does not answer',
    size: [6, 8],
    queries: [promql('max by (job) (nodejs_eventloop_lag_p99_seconds{job=~"service|monitor|trainer"})', '{{job}}')],
    thresholds: [
      [null, 'green'],
      [0.1, 'red'],
    ],
  }),
  lines({
    title: 'How much processor time is used?',
    description:
      'Processors in use, by process. A service of one process has one for its own code, and more for the model.',
    unit: 'suffix: cores',
    min: 0,
    noData: 'Nothing is scraped',
    size: [6, 8],
    queries: [
      promql(
        'sum by (job) (rate(process_cpu_seconds_total{job=~"service|monitor|trainer"}[$__rate_interval]))',
        '{{job}}',
      ),
    ],
  }),
  lines({
    title: 'How much memory is used?',
    description:
      'Resident memory, by process. A line that only rises is a leak; a step at a promotion is the new model.',
    unit: 'bytes',
    min: 0,
    noData: 'Nothing is scraped',
    size: [6, 8],
    queries: [promql('sum by (job) (process_resident_memory_bytes{job=~"service|monitor|trainer"})', '{{job}}')],
  }),
  lines({
    title: 'How much waits for an answer?',
    description: 'Rows that are accepted and not yet answered, and the limit beyond which requests are refused.',
    unit: 'suffix: rows',
    min: 0,
    noData: 'The service does not answer',
    size: [6, 8],
    queries: [promql('sum(inference_queue_rows{})', 'waiting'), promql('sum(inference_queue_limit_rows{})', 'limit')],
  }),
];
