import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { MappingType, type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { promql } from '../../panels/query.js';
import { stat } from '../../panels/stat.js';
import { PREDICTIONS } from '../service/predictions.js';

const SIZE: [number, number] = [4, 4];

/** Six figures: all of them green means that nobody need look further. */
export const overviewNow = (): Builder<Panel>[] => [
  stat({
    title: 'Is anything alerting?',
    description: 'Alerts that fire now. Each names its runbook and the dashboard that shows why.',
    unit: 'none',
    noData: 'Prometheus does not answer',
    size: SIZE,
    queries: [promql('count(ALERTS{alertstate="firing"}) or vector(0)', 'firing', { instant: true })],
    thresholds: [
      [null, 'green'],
      [1, 'red'],
    ],
  }),
  stat({
    title: 'Which processes are up?',
    description: 'Whether Prometheus reaches service, monitor and trainer. Of several replicas, the worst.',
    unit: 'none',
    noData: 'Prometheus scrapes none of them',
    size: SIZE,
    show: 'both',
    queries: [promql('min by (job) (up{job=~"service|monitor|trainer"})', '{{job}}', { instant: true })],
    mappings: [
      {
        type: MappingType.ValueToText,
        options: { '0': { text: 'down', color: 'red', index: 0 }, '1': { text: 'up', color: 'green', index: 1 } },
      },
    ],
    thresholds: [
      [null, 'red'],
      [1, 'green'],
    ],
  }),
  stat({
    title: 'Are requests answered?',
    description: 'Share of HTTP requests without a server error, over the time range. Service says which route fails.',
    unit: 'percentunit',
    decimals: 2,
    noData: 'No requests',
    size: SIZE,
    queries: [
      promql(
        `1 - (sum(increase(http_request_duration_seconds_count{job="service", status_code=~"5.."}[$__range])) or vector(0))
  / sum(increase(http_request_duration_seconds_count{job="service"}[$__range]))`,
        'answered',
        { instant: true },
      ),
    ],
    thresholds: [
      [null, 'red'],
      [0.99, 'orange'],
      [0.999, 'green'],
    ],
  }),
  stat({
    title: 'How fast are predictions?',
    description: '99 of 100 predictions are at least as fast as this, over the time range.',
    unit: 's',
    noData: 'No predictions',
    size: SIZE,
    queries: [
      promql(
        `histogram_quantile(0.99, sum by (le) (
  increase(http_request_duration_seconds_bucket{${PREDICTIONS}}[$__range])))`,
        'p99',
        { instant: true },
      ),
    ],
    thresholds: [
      [null, 'green'],
      [0.1, 'orange'],
      [0.25, 'red'],
    ],
  }),
  stat({
    title: 'Do rows arrive in time?',
    description: 'Age of the oldest answered row that is not in Postgres yet. It grows while Postgres is away.',
    unit: 's',
    noData: 'The service does not answer',
    size: SIZE,
    queries: [promql('max(capture_oldest_record_age_seconds{})', 'oldest', { instant: true })],
    thresholds: [
      [null, 'green'],
      [10, 'orange'],
      [60, 'red'],
    ],
  }),
  stat({
    title: 'Is the monitor on time?',
    description:
      'Time since the last run in which no model failed, in periods of its schedule. From two on nobody watches.',
    unit: 'suffix: periods',
    decimals: 1,
    noData: 'It has not finished a run yet',
    size: SIZE,
    queries: [
      promql(
        'clamp_min(time() - max(monitor_last_success_timestamp_seconds{}) - 60, 0) / max(monitor_period_seconds{})',
        'late',
        {
          instant: true,
        },
      ),
    ],
    thresholds: [
      [null, 'green'],
      [1, 'orange'],
      [2, 'red'],
    ],
  }),
];
