import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { heatMap } from '../../panels/heat-map.js';
import { lines } from '../../panels/lines.js';
import { promql } from '../../panels/query.js';
import { PREDICTIONS } from './predictions.js';

const quantile = (q: number, legend: string, exemplars = false) =>
  promql(
    `histogram_quantile(${q}, sum by (le) (rate(http_request_duration_seconds_bucket{${PREDICTIONS}}[$__rate_interval])))`,
    legend,
    { exemplars },
  );

/** Rate, errors and duration. */
export const serviceRequests = (): Builder<Panel>[] => [
  lines({
    title: 'How many requests come in?',
    description: 'Requests a second by route; routes that nobody asks for are left out.',
    unit: 'reqps',
    min: 0,
    noData: 'No requests',
    size: [8, 8],
    stacked: true,
    queries: [
      promql(
        'sum by (route) (rate(http_request_duration_seconds_count{job="service"}[$__rate_interval])) > 0',
        '{{route}}',
      ),
    ],
  }),
  lines({
    title: 'What share of requests is refused or fails?',
    description:
      'Share of requests by status, successes left out. 4xx are the clients’: “Why are requests invalid?” says what was wrong. 5xx are ours.',
    unit: 'percentunit',
    min: 0,
    noData: 'Every request succeeds',
    size: [8, 8],
    queries: [
      promql(
        `sum by (status_code) (rate(http_request_duration_seconds_count{job="service", status_code=~"[45].."}[$__rate_interval]))
  / scalar(sum(rate(http_request_duration_seconds_count{job="service"}[$__rate_interval]))) > 0`,
        '{{status_code}}',
      ),
    ],
  }),
  lines({
    title: 'How long do predictions take?',
    description:
      'Quantiles of the time from the request line read to the answer handed to the connection. A diamond is one request that was traced: click it for its trace.',
    unit: 's',
    min: 0,
    noData: 'No predictions',
    size: [8, 8],
    queries: [quantile(0.5, 'p50'), quantile(0.9, 'p90'), quantile(0.99, 'p99', true)],
    thresholds: [
      [null, 'green'],
      [0.25, 'red'],
    ],
  }),
  heatMap({
    title: 'How are latencies spread?',
    description:
      'Predictions by how long they took. Two bands apart are two kinds of requests, such as small and large ones.',
    unit: 'none',
    rowUnit: 's',
    noData: 'No predictions',
    size: [12, 8],
    queries: [
      promql(
        `sum by (le) (increase(http_request_duration_seconds_bucket{${PREDICTIONS}}[$__rate_interval]))`,
        '{{le}}',
        {
          format: 'heatmap',
          exemplars: true,
        },
      ),
    ],
    colours: { scheme: 'Blues' },
  }),
  lines({
    title: 'Why are requests invalid?',
    description: 'Requests a second that were refused as invalid, by the first thing that was wrong.',
    unit: 'reqps',
    min: 0,
    noData: 'Every request is valid',
    size: [6, 8],
    queries: [promql('sum by (reason) (rate(invalid_requests_total{}[$__rate_interval])) > 0', '{{reason}}')],
  }),
  lines({
    title: 'What does the service turn away?',
    description: 'Requests refused and connections cut a second to protect the service, by reason.',
    unit: 'reqps',
    min: 0,
    noData: 'Nothing is turned away',
    size: [6, 8],
    queries: [promql('sum by (reason) (rate(http_refusals_total{}[$__rate_interval])) > 0', '{{reason}}')],
  }),
];
