import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { lines } from '../../panels/lines.js';
import { promql, sql } from '../../panels/query.js';
import { table } from '../../panels/table.js';
import { versions } from '../../queries/performance.js';
import { retrainings } from '../../queries/retrainings.js';

/** What was trained, how it compared, and who decided. */
export const qualityChallengers = (): Builder<Panel>[] => [
  table({
    title: 'Was the challenger better?',
    description:
      'Retrainings, the newest first: both on the same rows that neither was trained on, and the 95 % interval of the difference. It is promoted only if that interval says so.',
    unit: 'none',
    decimals: 3,
    noData: 'No retraining in this time range',
    size: [24, 7],
    queries: [sql(retrainings)],
    columns: {
      time: { width: 175 },
      model: { width: 120 },
      alert: { width: 125 },
      state: {
        width: 110,
        words: { promoted: 'green', kept: 'blue', failed: 'red', refused: 'orange', 'awaiting-approval': 'orange' },
      },
      champion: { width: 85, decimals: 0 },
      challenger: { width: 90, decimals: 0 },
      measure: { width: 90 },
      "champion's": { width: 95 },
      "challenger's": { width: 105 },
      'better by': { width: 85 },
      'at least': { width: 75 },
      'at most': { width: 75 },
      rows: { width: 70, decimals: 0 },
    },
  }),
  table({
    title: 'Which versions have there been?',
    description: 'Versions, the newest first: when each was registered, and the last promotion of each.',
    unit: 'none',
    noData: 'No version is registered',
    size: [16, 7],
    queries: [sql(versions)],
    columns: {
      version: { width: 80 },
      state: { width: 100, words: { champion: 'green', retired: 'text', candidate: 'blue' } },
      registered: { width: 180 },
      promoted: { width: 180 },
      by: { width: 100 },
    },
  }),
  lines({
    title: 'What became of retrainings?',
    description: 'Retrainings that entered a state, over the steps of the chart, of all models.',
    unit: 'suffix: runs',
    decimals: 0,
    min: 0,
    noData: 'No retraining in this time range',
    size: [8, 7],
    queries: [promql('sum by (state) (increase(training_runs_total{}[$__rate_interval])) > 0', '{{state}}')],
  }),
];
