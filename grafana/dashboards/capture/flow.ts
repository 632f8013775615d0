import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { heatMap } from '../../panels/heat-map.js';
import { lines } from '../../panels/lines.js';
import { promql, sql } from '../../panels/query.js';
import { storedRows } from '../../queries/stored-rows.js';

const quantile = (q: number, histogram: string) =>
  promql(`histogram_quantile(${q}, sum by (le) (rate(${histogram}_bucket{}[$__rate_interval])))`, `p${q * 100}`);

/** How rows get from the spool into Postgres. */
export const captureFlow = (): Builder<Panel>[] => [
  lines({
    title: 'What becomes of rows?',
    description: 'Rows a second by what became of them. Accepted and stored should be one line.',
    unit: 'suffix: rows/s',
    min: 0,
    noData: 'No rows',
    size: [12, 8],
    queries: [promql('sum by (result) (rate(capture_rows_total{}[$__rate_interval])) > 0', '{{result}}')],
  }),
  lines({
    title: 'Which rows are stored?',
    description: 'Rows in Postgres a step of the chart, by model and version, at the time of their requests.',
    unit: 'suffix: rows',
    min: 0,
    noData: 'No row was stored in this time range',
    size: [12, 8],
    stacked: true,
    queries: [sql(storedRows, 'time_series')],
  }),
  lines({
    title: 'How soon is a row in Postgres?',
    description:
      'How long the oldest row of each transaction had waited. About a tenth of a second is what rows wait for company.',
    unit: 's',
    min: 0,
    noData: 'Nothing was stored',
    size: [8, 8],
    queries: [quantile(0.5, 'capture_lag_seconds'), quantile(0.99, 'capture_lag_seconds')],
  }),
  heatMap({
    title: 'How long do transactions take?',
    description:
      'Transactions that store rows, by their length. A band that rises is a Postgres that is busy or far away.',
    unit: 'none',
    rowUnit: 's',
    noData: 'Nothing was stored',
    size: [8, 8],
    queries: [
      promql('sum by (le) (increase(capture_commit_duration_seconds_bucket{}[$__rate_interval]))', '{{le}}', {
        format: 'heatmap',
      }),
    ],
    colours: { scheme: 'Blues' },
  }),
  lines({
    title: 'How much is in the spool?',
    description: 'Bytes of spool files, and the limit at which requests are refused. It grows while Postgres is away.',
    unit: 'bytes',
    min: 0,
    noData: 'The service does not answer',
    size: [8, 8],
    queries: [promql('sum(capture_spool_bytes{})', 'spool'), promql('sum(capture_spool_limit_bytes{})', 'limit')],
  }),
];
