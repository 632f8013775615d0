import { rowsOf, trafficChart, versionClass, versionsOf } from '../../charts/traffic-chart.js';
import { count, figure, instant } from '../../html/format.js';
import { type Html, html } from '../../html/html.js';
import { empty, numbers, table } from '../../views/table.js';
import type { RecentPrediction } from '../prediction/recent.js';
import { PERIODS, type PeriodName } from '../traffic.js';
import type { ModelDetail } from './state.js';

/** Rows over time by version, and the newest predictions. */
export function trafficSection({ traffic, period, state, version, recent }: ModelDetail): Html {
  const { unit, words } = PERIODS[period];
  const total = traffic.steps.reduce((sum, step) => sum + rowsOf(step), 0);
  const versions = versionsOf(traffic);
  const keys = versions.map((v) => html`<span class="key ${versionClass(versions, v)}">version ${v}</span> `);
  const path = `/models/${encodeURIComponent(state.modelName)}?version=${version.modelVersion}`;
  const links = (Object.keys(PERIODS) as PeriodName[]).map((name) =>
    name === period
      ? html`<a href="${path}&period=${name}#traffic" aria-current="true">${name}</a>`
      : html`<a href="${path}&period=${name}#traffic">${name}</a>`,
  );
  const steps = traffic.steps.filter((step) => step.rows.length > 0);
  const chart = html`<figure>${trafficChart(traffic, unit)}<figcaption>rows a ${unit}: ${keys}</figcaption></figure>`;
  return html`<p class="headline">${count(total)} live rows in ${words}. <span class="periods">${links}</span></p>
<div class="pair">${total > 0 ? chart : empty(`No rows were counted in ${words}.`)}<div>${recentTable(recent)}</div></div>
${
  steps.length > 0 &&
  numbers(
    'traffic-numbers',
    table(
      `Rows a ${unit}`,
      [
        { head: 'From', cell: (step) => instant(step.start) },
        { head: 'Rows', cell: (step) => count(rowsOf(step)), number: true },
        {
          head: 'By version',
          cell: (step) => step.rows.map((row) => `${row.model_version}: ${count(row.row_count)}`).join(', '),
        },
      ],
      steps,
    ),
  )
}`;
}

function recentTable(recent: RecentPrediction[]): Html {
  if (recent.length === 0) return empty('No prediction is stored yet.');
  return table(
    'Newest predictions',
    [
      {
        head: 'Time (UTC)',
        cell: (p) => html`<a href="/predictions/${p.id}">${p.requestedAt.toISOString().slice(11, 23)}</a>`,
      },
      { head: 'Version', cell: (p) => p.version, number: true },
      { head: 'Answer', cell: (p) => p.errorClass ?? p.label ?? figure(p.value) },
      { head: 'Outcome', cell: (p) => p.actual ?? 'not known yet' },
    ],
    recent,
  );
}
