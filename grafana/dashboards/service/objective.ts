import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { promql } from '../../panels/query.js';
import { stat } from '../../panels/stat.js';
import { PREDICTIONS } from './predictions.js';

const SIZE: [number, number] = [8, 4];

const share = (title: string, description: string, expr: string, thresholds: [number | null, string][]) =>
  stat({
    title,
    description,
    unit: 'percentunit',
    decimals: 3,
    noData: 'No predictions in this time range',
    size: SIZE,
    queries: [promql(expr, 'share', { instant: true })],
    thresholds,
  });

const count = (part: string): string => `sum(increase(http_request_duration_seconds_${part}[$__range]))`;

/** What the service is held to. */
export const serviceObjective = (): Builder<Panel>[] => [
  share(
    'Are predictions answered?',
    'Share of prediction requests without a server error, over the time range.',
    `1 - (${count(`count{${PREDICTIONS}, status_code=~"5.."}`)} or vector(0)) / ${count(`count{${PREDICTIONS}}`)}`,
    [
      [null, 'red'],
      [0.99, 'orange'],
      [0.999, 'green'],
    ],
  ),
  share(
    'Are predictions in time?',
    'Share of prediction requests that took a quarter of a second at most, over the time range.',
    `${count(`bucket{${PREDICTIONS}, le="0.25"}`)} / ${count(`count{${PREDICTIONS}}`)}`,
    [
      [null, 'red'],
      [0.95, 'orange'],
      [0.99, 'green'],
    ],
  ),
  share(
    'Do rows reach Postgres?',
    'Share of rows that were neither refused by Postgres, damaged nor unwritten, over the time range. Capture has the rest.',
    `1 - sum(increase(capture_rows_total{result=~"failed|rejected|damaged"}[$__range]))
  / sum(increase(capture_rows_total{result=~"accepted|failed"}[$__range]))`,
    [
      [null, 'red'],
      [0.9999, 'green'],
    ],
  ),
];
