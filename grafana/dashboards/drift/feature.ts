import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { bars } from '../../panels/bars.js';
import { lines } from '../../panels/lines.js';
import { promql, sql } from '../../panels/query.js';
import { distribution } from '../../queries/distribution.js';

const CHOSEN = 'model_name=~"$model", model_version=~"$version"';
const FEATURE = `${CHOSEN}, feature=~"$feature"`;

/** One feature, and the predictions beside it. */
export const driftFeature = (): Builder<Panel>[] => [
  bars({
    title: 'How is $feature distributed, then and now?',
    description:
      'Shares of rows at reference and in the newest window, over the cells that PSI is computed from; an interval is named by where it starts.',
    unit: 'percentunit',
    min: 0,
    noData: 'No window has closed in this time range',
    size: [12, 9],
    queries: [sql(distribution(`subject ->> 'kind' = 'feature' and subject ->> 'name' = '\${feature}'`))],
    category: 'part',
  }),
  lines({
    title: 'How far is $feature from its reference?',
    description: 'PSI by window. It matters above the threshold, and only where it is above what chance alone gives.',
    unit: 'none',
    decimals: 3,
    min: 0,
    noData: 'No window had enough rows in this time range',
    size: [12, 9],
    queries: [
      promql(`max(feature_drift_psi{${FEATURE}})`, 'PSI'),
      promql(`max(feature_drift_psi_threshold{${FEATURE}})`, 'threshold'),
      promql(`max(feature_drift_psi_null_band{${FEATURE}})`, 'by chance alone'),
    ],
  }),
  bars({
    title: 'How are the predictions distributed, then and now?',
    description: 'Shares of answers at reference and in the newest window: of classes, or of values.',
    unit: 'percentunit',
    min: 0,
    noData: 'No window has closed in this time range',
    size: [12, 9],
    queries: [sql(distribution(`subject ->> 'kind' = 'prediction'`))],
    category: 'part',
  }),
  lines({
    title: 'Have the predictions moved?',
    description:
      'The largest change of the answers (and of their probability) by any method, over its threshold: 1 is at the threshold.',
    unit: 'none',
    decimals: 2,
    min: 0,
    noData: 'No window had enough rows in this time range',
    size: [12, 9],
    queries: [promql(`max by (subject) (prediction:drift_effect:of_threshold{${CHOSEN}})`, '{{subject}}')],
    thresholds: [
      [null, 'green'],
      [1, 'red'],
    ],
  }),
];
