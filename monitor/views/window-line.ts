import { DEFAULT_WINDOW } from '../../core/manifest/alerting-windows.js';
import { count, period } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { ReportHead } from '../reports/report.js';

type Head = Pick<ReportHead, 'window_name' | 'segment' | 'window' | 'reference'>;

/** Which rows a report is about, in a line. */
export function windowLine({ window_name: name, segment, window, reference }: Head): Html {
  const series = name === null || name === DEFAULT_WINDOW ? '' : `window “${name}”, `;
  const part = segment === null ? '' : ` of ${segment}`;
  if (!window) {
    return html`<span class="window">${series}no window${part} yet; reference of ${count(reference.row_count)} rows</span>`;
  }
  return html`<span class="window">${series}${count(window.row_count)} rows${part}, ${period(window.start, window.end)}, against ${count(reference.row_count)} of the reference</span>`;
}
