import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { toDashboard } from '../../panels/links.js';
import { promql, sql } from '../../panels/query.js';
import { states } from '../../panels/states.js';
import { table } from '../../panels/table.js';
import { VERDICT_COLOURS, VERDICT_MAPPINGS, verdictSteps } from '../../panels/verdicts.js';
import { modelsNow } from '../../queries/models-now.js';
import { retrainingsInShort } from '../../queries/retrainings.js';

/** Every model, its verdicts over time, how it does, and what was retrained. */
export const overviewModels = (): Builder<Panel>[] => [
  table({
    title: 'Which models need a look?',
    description:
      'A row a model, drifted ones first: the verdict on the newest window of its champion, what the change looks like, and the share of rows whose outcome is known. A name leads to Drift.',
    unit: 'none',
    noData: 'No model is registered',
    size: [24, 6],
    queries: [sql(modelsNow)],
    columns: {
      model: {
        link: { title: 'Why?', url: toDashboard('plumbline-drift', { model: 'model' }) },
      },
      verdict: { words: VERDICT_COLOURS },
      labels: { unit: 'percentunit', decimals: 0 },
      version: { width: 80 },
    },
  }),
  states({
    title: 'When did models drift?',
    description: 'The verdict on the newest window of each champion, for its features and for its predictions.',
    unit: 'none',
    noData: 'No window has closed in this time range',
    size: [12, 8],
    queries: [promql(verdictSteps('model_name=~"$model"'), '{{model_name}}: {{kind}}s')],
    mappings: VERDICT_MAPPINGS,
  }),
  lines({
    title: 'How good are the classifiers?',
    description:
      'Accuracy of each champion: real where outcomes are known, estimated from calibrated scores where they are not yet. Regressions are on Model quality.',
    unit: 'percentunit',
    noData: 'No classifier, or no window has closed',
    size: [12, 8],
    queries: [
      promql(
        'max by (model_name, source) (model_accuracy_ratio{model_name=~"$model", source!="reference"})',
        '{{model_name}}: {{source}}',
      ),
    ],
  }),
  table({
    title: 'What was retrained, and why?',
    description: 'What became of each alert that reached the trainer, the newest first. Model quality has the numbers.',
    unit: 'none',
    noData: 'No retraining in this time range',
    size: [24, 6],
    queries: [sql(retrainingsInShort)],
    columns: {
      time: { width: 180 },
      model: {
        width: 160,
        link: { title: 'Champion and challenger', url: toDashboard('plumbline-quality', { model: 'model' }) },
      },
      alert: { width: 150 },
      challenger: { width: 100 },
      state: {
        width: 140,
        words: { promoted: 'green', kept: 'blue', failed: 'red', refused: 'orange', 'awaiting-approval': 'orange' },
      },
    },
  }),
];
