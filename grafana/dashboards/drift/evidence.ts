import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { toPrediction, toReport, toTrace } from '../../panels/links.js';
import { sql } from '../../panels/query.js';
import { table } from '../../panels/table.js';
import { VERDICT_COLOURS } from '../../panels/verdicts.js';
import { decidedWindows, recentPredictions } from '../../queries/drift-windows.js';

/** From a window to its report, from a prediction to its page and its trace. */
export const driftEvidence = (): Builder<Panel>[] => [
  table({
    title: 'What was decided, and why?',
    description:
      'Decided windows, the newest first. The last column leads to the report on that window; the console asks for its token once.',
    unit: 'none',
    noData: 'No window has closed in this time range',
    size: [24, 8],
    queries: [sql(decidedWindows)],
    columns: {
      closed: { width: 180 },
      version: { width: 80 },
      verdict: { width: 130, words: VERDICT_COLOURS },
      rows: { width: 80 },
      'looks like': { width: 120 },
      window: { width: 330, link: { title: 'Report on this window', url: toReport } },
    },
  }),
  table({
    title: 'Which predictions can be looked at?',
    description:
      'Of the newest thousand predictions, those with values out of range first, then those that were traced. An id leads to the prediction and what is known of it, a trace to what the request did.',
    unit: 'none',
    noData: 'No prediction was stored in this time range',
    size: [24, 8],
    queries: [sql(recentPredictions)],
    columns: {
      prediction: { width: 320, link: { title: 'This prediction', url: toPrediction } },
      time: { width: 180 },
      version: { width: 80 },
      answer: { width: 120 },
      trace: { width: 300, link: { title: 'Its trace', url: toTrace } },
    },
  }),
];
