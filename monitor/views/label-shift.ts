import { largest } from '../charts/cells.js';
import { distributionChart } from '../charts/distribution-chart.js';
import { count, percent, period } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { LabelShiftReport } from '../reports/report.js';
import { empty, numbers, table } from './table.js';

/** The outcomes over the truth of the reference rows, and what follows from them. */
export function labelShiftSection(shift: LabelShiftReport | null, modelName: string): Html {
  const title = html`<h3>Outcomes</h3>`;
  if (!shift) {
    const outcomes = `POST /v1/models/${modelName}/outcomes`;
    return html`${title}${empty('Whether the truth itself shifts is told by outcomes. Send them as they become known:', outcomes)}`;
  }
  const { window, cells, headline, shifted } = shift;
  return html`<article class="subject outcomes ${shifted ? 'warning' : 'ok'}"><div class="words">${title}<p>${headline}</p>
<p class="window">${count(window.labelled_rows)} outcomes of ${period(window.start, window.end)}, against the truth of the reference</p>
${numbers(
  'numbers-outcomes',
  table(
    'Outcomes: share of rows',
    [
      { head: 'Outcome', cell: (cell) => cell.label },
      { head: 'Reference', cell: (cell) => percent(cell.reference_share), number: true },
      { head: 'Current', cell: (cell) => percent(cell.current_share), number: true },
    ],
    cells,
  ),
)}</div>
<figure>${distributionChart('outcomes', largest(cells))}<figcaption><span class="key reference">reference</span> <span class="key current">outcomes</span></figcaption></figure></article>`;
}
