import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql, sql } from '../../panels/query.js';
import { labelCoverage, labelDelay, labelShift } from '../../queries/performance.js';

/** Whether outcomes come, how late, and whether they have moved themselves. */
export const qualityLabels = (): Builder<Panel>[] => [
  lines({
    title: 'Of how many rows is the outcome known?',
    description:
      'Share of the rows of each window whose outcome has come. It rises while outcomes of past windows arrive.',
    unit: 'percentunit',
    min: 0,
    max: 1,
    noData: 'No window has closed in this time range',
    size: [6, 8],
    sparse: true,
    queries: [sql(labelCoverage, 'time_series')],
  }),
  lines({
    title: 'How long do outcomes take?',
    description: 'From the prediction to its outcome, by window: quantiles, good to one part in five.',
    unit: 's',
    min: 0,
    noData: 'No outcomes in this time range',
    size: [6, 8],
    sparse: true,
    queries: [sql(labelDelay, 'time_series')],
  }),
  lines({
    title: 'How many outcomes come in?',
    description:
      'Outcomes a second, of all models: accepted is the first of a prediction, revised a correction, unchanged a repeat.',
    unit: 'suffix: outcomes/s',
    min: 0,
    noData: 'The service does not answer',
    size: [6, 8],
    stacked: true,
    queries: [promql('sum by (result) (rate(outcomes_total{}[$__rate_interval]))', '{{result}}')],
  }),
  lines({
    title: 'Have the outcomes moved?',
    description:
      'PSI of the outcomes against the reference, and what it stays below by chance. Then the world has changed, not only the input.',
    unit: 'none',
    decimals: 3,
    min: 0,
    noData: 'No outcomes in this time range',
    size: [6, 8],
    sparse: true,
    queries: [sql(labelShift, 'time_series')],
  }),
];
