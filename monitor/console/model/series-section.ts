import { DEFAULT_WINDOW } from '../../../core/manifest/alerting-windows.js';
import { count, figure, listed, period } from '../../html/format.js';
import { type Content, type Html, html } from '../../html/html.js';
import { metricOf } from '../../reports/model-performance.js';
import type { Verdict } from '../../verdicts/verdict.js';
import { table } from '../../views/table.js';
import { verdictLabel } from '../../views/verdict.js';
import type { ShownSeries } from './series.js';
import type { ModelDetail } from './state.js';

const MOST_ROWS = 30;
const MOST_NAMED = 3;
const ORDER: Verdict[] = ['drift', 'warning', 'insufficient-data', 'ok'];

/** The newest window of each other length and of each part of the rows, those that are not all right first. */
export function seriesSection({ series, version }: ModelDetail): Html {
  const sorted = [...series].sort((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict));
  const { metric } = version.manifest.retraining;
  const left = sorted.length - MOST_ROWS;
  return html`${table(
    'The newest window of each',
    [
      { head: 'Window', cell: (s) => linkOf(s, version) },
      { head: 'Rows of', cell: (s) => (s.segment === '' ? 'all' : s.segment) },
      { head: 'Verdict', cell: (s) => html`${verdictLabel(s.verdict)}${s.alerts && ' alerts'}` },
      { head: 'Moved', cell: (s) => html`<span class="brief">${movedWords(s.moved)}</span>` },
      { head: 'When', cell: (s) => period(s.windowStart, s.windowEnd) },
      { head: 'Rows', cell: (s) => count(s.rowCount), number: true },
      {
        head: `${metric.replaceAll('_', ' ')} by outcomes`,
        cell: (s) => metricIn(s, 'realised', metric),
        number: true,
      },
      { head: 'estimated', cell: (s) => metricIn(s, 'estimated', metric), number: true },
    ],
    sorted.slice(0, MOST_ROWS),
    { stacked: true },
  )}${left > 0 && html`<p>${count(left)} more are not shown; none of them is worse than these.</p>`}`;
}

function linkOf({ windowName, segment }: ShownSeries, { modelName, modelVersion }: ModelDetail['version']): Content {
  const name = windowName === DEFAULT_WINDOW ? 'latest' : windowName;
  const query = new URLSearchParams({ version: String(modelVersion), window: name, format: 'html' });
  if (segment !== '') query.set('segment', segment);
  return html`<a href="/v1/models/${encodeURIComponent(modelName)}/reports/data-drift?${query.toString()}">${windowName}</a>`;
}

function movedWords(names: string[]): string {
  const more = names.length - MOST_NAMED;
  return listed(more > 0 ? [...names.slice(0, MOST_NAMED), `${more} more`] : names);
}

function metricIn({ performance }: ShownSeries, from: 'realised' | 'estimated', metric: string): string {
  return figure(metricOf(performance?.[from]?.metrics ?? null, metric)?.value);
}
