import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql } from '../../panels/query.js';

const CHOSEN = 'model_name=~"$model", model_version=~"$version"';

const share = (title: string, description: string, metric: string, noData: string): Builder<Panel> =>
  lines({
    title,
    description,
    unit: 'percentunit',
    min: 0,
    noData,
    size: [6, 7],
    queries: [promql(`max by (feature) (${metric}{${CHOSEN}}) > 0`, '{{feature}}')],
  });

/** Signs that what comes before the model is broken; features without any are left out. */
export const driftData = (): Builder<Panel>[] => [
  share(
    'Are values missing?',
    'Share of rows without the feature, in the newest window.',
    'data_missing_ratio',
    'No feature has missing values',
  ),
  share(
    'Are values out of range?',
    'Share of rows outside the manifest’s range, in the newest window. A change of unit shows here first.',
    'data_out_of_range_ratio',
    'Every value is in its range',
  ),
  share(
    'Are there unknown categories?',
    'Share of rows with a category that the reference does not have, in the newest window.',
    'data_unseen_category_ratio',
    'Every category is known',
  ),
  lines({
    title: 'Does anything repeat or stand still?',
    description:
      'Share of rows that repeat another one, and features that varied in the reference and now have one value (1).',
    unit: 'percentunit',
    min: 0,
    noData: 'No window has closed in this time range',
    size: [6, 7],
    queries: [
      promql(`max(data_duplicate_rows_ratio{${CHOSEN}})`, 'repeated rows'),
      promql(`max by (feature) (data_constant{${CHOSEN}}) > 0`, '{{feature}} stands still'),
    ],
  }),
];
