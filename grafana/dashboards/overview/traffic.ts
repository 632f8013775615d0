import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql } from '../../panels/query.js';

/** What flows through: rows answered, requests that failed, rows stored. */
export const overviewTraffic = (): Builder<Panel>[] => [
  lines({
    title: 'How many rows does each model answer?',
    description:
      'Rows answered a second, by model and version. A promotion shows as one line taking over from another.',
    unit: 'suffix: rows/s',
    min: 0,
    noData: 'No rows',
    size: [8, 8],
    stacked: true,
    queries: [
      promql(
        'sum by (model_name, model_version) (rate(inference_rows_total{model_name=~"$model"}[$__rate_interval]))',
        '{{model_name}} {{model_version}}',
      ),
    ],
  }),
  lines({
    title: 'How do predictions end?',
    description: 'Prediction requests a second by outcome, of the models chosen. Anything but ok is on Service.',
    unit: 'reqps',
    min: 0,
    noData: 'No requests',
    size: [8, 8],
    stacked: true,
    queries: [
      promql(
        'sum by (outcome) (rate(inference_requests_total{model_name=~"$model"}[$__rate_interval])) > 0',
        '{{outcome}}',
      ),
    ],
  }),
  lines({
    title: 'Do as many rows arrive as are answered?',
    description:
      'Rows a second that are answered, and that are stored in Postgres. A gap is in the spool: see Capture.',
    unit: 'suffix: rows/s',
    min: 0,
    noData: 'No rows',
    size: [8, 8],
    queries: [
      promql('sum by (result) (rate(capture_rows_total{result=~"accepted|stored"}[$__rate_interval]))', '{{result}}'),
    ],
  }),
];
