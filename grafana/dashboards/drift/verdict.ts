import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { heatMap } from '../../panels/heat-map.js';
import { toDashboard } from '../../panels/links.js';
import { promql, sql } from '../../panels/query.js';
import { stat } from '../../panels/stat.js';
import { table } from '../../panels/table.js';
import { VERDICT_COLOURS, VERDICT_MAPPINGS, verdictSteps } from '../../panels/verdicts.js';
import { rankedFeatures } from '../../queries/ranked-subjects.js';

const CHOSEN = 'model_name=~"$model", model_version=~"$version"';
const SIZE: [number, number] = [6, 4];

/** What the newest window says, and which features moved when. */
export const driftVerdict = (): Builder<Panel>[] => [
  stat({
    title: 'Has it drifted?',
    description: 'The verdict on the newest window, for the features and for the predictions.',
    unit: 'none',
    noData: 'No window has closed',
    size: SIZE,
    show: 'both',
    queries: [promql(verdictSteps(CHOSEN), '{{kind}}s', { instant: true })],
    mappings: VERDICT_MAPPINGS,
    thresholds: [
      [null, 'text'],
      [1, 'green'],
      [2, 'orange'],
      [3, 'red'],
    ],
  }),
  stat({
    title: 'How many features have drifted?',
    description: 'Features with confirmed drift: effect and chance both exceeded, in k of the last n windows.',
    unit: 'none',
    noData: 'No window had enough rows',
    size: SIZE,
    queries: [promql(`sum(feature_drift_verdict{${CHOSEN}})`, 'drifted', { instant: true })],
    thresholds: [
      [null, 'green'],
      [1, 'red'],
    ],
  }),
  stat({
    title: 'What does the change look like?',
    description:
      'broken-data: the pipeline before the model is at fault, and retraining would learn the fault. population: the world has moved.',
    unit: 'none',
    noData: 'Nothing has changed',
    size: SIZE,
    show: 'name',
    queries: [promql(`max by (cause) (drift_cause{${CHOSEN}}) == 1`, '{{cause}}', { instant: true })],
  }),
  stat({
    title: 'How many rows say so?',
    description: 'Live rows in the newest decided window. With too few of them nothing is decided.',
    unit: 'suffix: rows',
    decimals: 0,
    noData: 'No window has closed',
    size: SIZE,
    queries: [promql(`max(monitor_window_rows{${CHOSEN}})`, 'rows', { instant: true })],
  }),
  heatMap({
    title: 'Which features moved, and when?',
    description:
      'The largest change of each feature by any method, over its threshold: blue is as in the reference, pale is at the threshold, red is twice as much or more.',
    unit: 'none',
    noData: 'No window had enough rows in this time range',
    size: [12, 10],
    queries: [promql(`max by (feature) (feature:drift_effect:of_threshold{${CHOSEN}})`, '{{feature}}')],
    colours: { scheme: 'RdYlBu', reversed: true, from: 0, to: 2 },
  }),
  table({
    title: 'Which features moved most?',
    description:
      'The newest window, furthest beyond the threshold first. Importance is the share of the feature in what moves the model’s answers. A name shows that feature below.',
    unit: 'none',
    decimals: 3,
    noData: 'No window has closed in this time range',
    size: [12, 10],
    queries: [sql(rankedFeatures)],
    thresholds: [
      [null, 'green'],
      [1, 'red'],
    ],
    columns: {
      feature: {
        width: 170,
        link: {
          title: 'Show this feature',
          url: `${toDashboard('plumbline-drift', { feature: 'feature' })}&var-model=\${model}`,
        },
      },
      verdict: { width: 110, words: VERDICT_COLOURS },
      'times threshold': { width: 125, decimals: 1, coloured: true },
      PSI: { width: 80 },
      KS: { width: 80 },
      importance: { width: 110, unit: 'percentunit', decimals: 0 },
    },
  }),
];
