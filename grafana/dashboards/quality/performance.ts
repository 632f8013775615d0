import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql, sql } from '../../panels/query.js';
import { stat } from '../../panels/stat.js';
import { performanceOverTime } from '../../queries/performance.js';

const CHOSEN = 'model_name=~"$model", model_version=~"$version"';
const SIZE: [number, number] = [6, 4];

/** The ends of an interval, in the background. */
const INTERVAL = [
  { id: 'custom.lineStyle', value: { fill: 'dash', dash: [4, 4] } },
  { id: 'custom.lineWidth', value: 1 },
  { id: 'custom.showPoints', value: 'never' },
];

const bySource = (metric: string) => promql(`max by (source) (${metric}{${CHOSEN}})`, '{{source}}', { instant: true });

/** Real and estimated performance. */
export const qualityPerformance = (): Builder<Panel>[] => [
  stat({
    title: 'How often is it right?',
    description:
      'Accuracy: with outcomes (realised), expected without them (estimated), and when the version was frozen (reference).',
    unit: 'percentunit',
    decimals: 1,
    noData: 'A regression, or no window has closed',
    size: SIZE,
    show: 'both',
    queries: [bySource('model_accuracy_ratio')],
  }),
  stat({
    title: 'How good is its F1?',
    description: 'F1 of the positive class, or its plain mean over classes.',
    unit: 'none',
    decimals: 3,
    noData: 'A regression, or no window has closed',
    size: SIZE,
    show: 'both',
    queries: [bySource('model_f1_ratio')],
  }),
  stat({
    title: 'How far off is it?',
    description: 'Mean absolute error, in the unit of the target.',
    unit: 'none',
    decimals: 3,
    noData: 'A classifier, or no window has closed',
    size: SIZE,
    show: 'both',
    queries: [bySource('model_mean_absolute_error')],
  }),
  stat({
    title: 'Can its probabilities be believed?',
    description:
      'Expected calibration error: how far probabilities are from how often they come true. Estimates rest on it.',
    unit: 'percentunit',
    decimals: 1,
    noData: 'No outcomes, or no probabilities',
    size: SIZE,
    queries: [promql(`max(calibration_error_ratio{${CHOSEN}})`, 'calibration error', { instant: true })],
    thresholds: [
      [null, 'green'],
      [0.1, 'orange'],
      [0.2, 'red'],
    ],
  }),
  lines({
    title: 'How does $measure go, real and estimated?',
    description:
      'By window: real from outcomes, with its 95 % interval, and estimated before they come. Real far below estimated means that what links features and outcomes has changed. Marks are promotions.',
    unit: 'none',
    decimals: 3,
    noData: 'No window with this measure in this time range',
    size: [24, 10],
    sparse: true,
    queries: [sql(performanceOverTime, 'time_series')],
  }).overrideByRegexp('.*, (low|high)', INTERVAL),
];
