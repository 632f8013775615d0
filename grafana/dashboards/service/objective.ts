import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql } from '../../panels/query.js';
import { stat } from '../../panels/stat.js';

const SIZE: [number, number] = [4, 4];

const requests = (results: string): string => `sum(increase(slo_requests_total{result=~"${results}"}[$__range]))`;
const rows = (results: string): string => `sum(increase(capture_rows_total{result=~"${results}"}[$__range]))`;

/** A share beside what it is to be: green from the objective on, as the gauges of the service tell it. */
const kept = (title: string, description: string, share: string, objective: string) =>
  stat({
    title,
    description,
    unit: 'percentunit',
    decimals: 3,
    noData: 'No predictions in this time range',
    size: SIZE,
    show: 'both',
    queries: [promql(share, 'now', { instant: true }), promql(`max(${objective}{})`, 'objective', { instant: true })],
  });

const left = (title: string, name: string) =>
  stat({
    title,
    description:
      'What is left of the errors that the objective allows in 30 days. Below zero the objective is missed. Recorded every five minutes.',
    unit: 'percentunit',
    decimals: 1,
    noData: 'Not enough requests yet',
    size: SIZE,
    queries: [promql(`min(job:slo_${name}_budget:left30d{})`, 'left', { instant: true })],
    thresholds: [
      [null, 'red'],
      [0, 'orange'],
      [0.25, 'green'],
    ],
  });

const burn = (name: string, window: string) =>
  promql(`max(job:slo_${name}_burn:rate${window}{})`, `${name}, over ${window}`);

/** What the service is held to, how much of it is kept, and how fast the rest is spent. */
export const serviceObjective = (): Builder<Panel>[] => [
  kept(
    'Are predictions answered?',
    'Share of valid prediction requests that are answered, over the time range, and what it is to be.',
    `${requests('ok|slow')} / ${requests('ok|slow|failed')}`,
    'slo_availability_objective_ratio',
  ),
  kept(
    'Are they in time?',
    'Share of answered prediction requests that are answered in time, over the time range, and what it is to be.',
    `${requests('ok')} / ${requests('ok|slow')}`,
    'slo_latency_objective_ratio',
  ),
  kept(
    'Do rows reach Postgres?',
    'Share of rows that were written and neither refused by Postgres nor damaged, over the time range, and what it is to be.',
    `1 - ${rows('failed|rejected|damaged')} / ${rows('accepted|failed|rejected|damaged')}`,
    'slo_capture_objective_ratio',
  ),
  left('What may still fail?', 'availability'),
  left('What may still be late?', 'latency'),
  left('What may still be lost?', 'capture'),
  lines({
    title: 'How fast is the error budget spent?',
    description:
      'Burn rates: at 1 the errors of 30 days are spent in 30 days, at 14.4 a fiftieth of them in an hour, which wakes people.',
    unit: 'suffix: ×',
    decimals: 2,
    min: 0,
    noData: 'Not enough requests yet',
    size: [24, 7],
    queries: ['availability', 'latency', 'capture'].flatMap((name) => [burn(name, '1h'), burn(name, '6h')]),
    thresholds: [
      [null, 'green'],
      [1, 'orange'],
      [14.4, 'red'],
    ],
  }),
];
