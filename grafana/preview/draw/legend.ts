import { type Html, html } from '../../../monitor/html/html.js';
import { LINES } from '../colours.js';

/** Height of a legend, in pixels. */
export const LEGEND_HEIGHT = 24;

/** The colour of the series at a place. */
export function lineColour(place: number): string {
  return LINES[place % LINES.length]!;
}

/** Names of series with their colours, in one line that is cut where it does not fit. */
export function legend(names: string[]): Html {
  const items = names.map(
    (name, i) =>
      html`<li><svg width="12" height="10" aria-hidden="true"><rect y="3" width="12" height="4" fill="${lineColour(i)}" /></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}
