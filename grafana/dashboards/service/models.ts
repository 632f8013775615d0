import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql } from '../../panels/query.js';

const CHOSEN = 'model_name=~"$model", model_version=~"$version"';

/** What each model version costs. */
export const serviceModels = (): Builder<Panel>[] => [
  lines({
    title: 'How long does the model itself take?',
    description: 'The 99th percentile of one run of the model, which answers all requests that waited together.',
    unit: 's',
    min: 0,
    noData: 'No predictions',
    size: [8, 8],
    queries: [
      promql(
        `histogram_quantile(0.99, sum by (le, model_name, model_version) (
  rate(inference_duration_seconds_bucket{${CHOSEN}}[$__rate_interval])))`,
        '{{model_name}} {{model_version}}',
      ),
    ],
  }),
  lines({
    title: 'How many rows share a run?',
    description:
      'Rows a run of the model, on average. More than one: requests wait for one another and are answered together.',
    unit: 'suffix: rows',
    min: 0,
    noData: 'No predictions',
    size: [8, 8],
    queries: [
      promql(
        `sum by (model_name, model_version) (rate(inference_rows_total{${CHOSEN}}[$__rate_interval]))
  / sum by (model_name, model_version) (rate(inference_duration_seconds_count{${CHOSEN}}[$__rate_interval]))`,
        '{{model_name}} {{model_version}}',
      ),
    ],
  }),
  lines({
    title: 'Do models load?',
    description:
      'Attempts to load a champion over the steps of the chart. After a failure the version before goes on serving.',
    unit: 'suffix: loads',
    min: 0,
    decimals: 0,
    noData: 'The service does not answer',
    size: [8, 8],
    queries: [promql('sum by (result) (increase(model_loads_total{}[$__rate_interval]))', '{{result}}')],
  }),
];
