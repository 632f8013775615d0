import { type Html, html } from '../../../monitor/html/html.js';
import { type Answer, isEmpty } from '../answer.js';
import type { PanelFile } from '../dashboard-file.js';
import type { View } from '../view.js';
import { drawBars } from './bars.js';
import { drawHeatMap } from './heat-map.js';
import { drawLines } from './lines.js';
import { drawStat } from './stat.js';
import { drawStates } from './states.js';
import { drawTable } from './table.js';

const DRAW: Record<string, (panel: PanelFile, answers: Answer[], view: View) => Html> = {
  barchart: drawBars,
  heatmap: drawHeatMap,
  timeseries: drawLines,
  stat: drawStat,
  'state-timeline': drawStates,
  table: drawTable,
};

/** The content of a panel below its title: what its answers show, or its "no data" text. @throws RangeError on a type of panel that is not drawn here */
export function drawPanel(panel: PanelFile, answers: Answer[], view: View): Html {
  const draw = DRAW[panel.type];
  if (!draw) throw new RangeError(`drawPanel knows no panel of type "${panel.type}"`);
  if (answers.every(isEmpty)) return html`<p class="none">${panel.fieldConfig?.defaults?.noValue}</p>`;
  return draw(panel, answers, view);
}
