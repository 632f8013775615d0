import { count, period } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { ReportHead } from '../reports/report.js';

/** Which rows a report is about, in a line. */
export function windowLine({ window, reference }: Pick<ReportHead, 'window' | 'reference'>): Html {
  if (!window) return html`<span class="window">no window yet; reference of ${count(reference.row_count)} rows</span>`;
  return html`<span class="window">${count(window.row_count)} rows, ${period(window.start, window.end)}, against ${count(reference.row_count)} of the reference</span>`;
}
