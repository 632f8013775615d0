import { scaleBand, scaleLinear } from 'd3-scale';
import { at } from '../charts/frame.js';
import { figure } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';
import type { Backtest, BacktestWindow } from './backtest.js';
import { alertsInWords } from './begun-alerts.js';
import { seriesOf, type WindowSeries } from './series.js';

const LABELS = 170;
const WIDTH = 900;
const ROW = 26;
const TOP = 34;
const LONGEST_LABEL = 24;

/** The colours of verdicts, light and dark; how strong one is tells how far the effect went. */
const STYLE = html`<style>text { font: 13px system-ui, sans-serif; fill: #1c2024 } .cell { fill: #8fa3b0 } .warning { fill: #c77700 }
.drift { fill: #b23106 } .insufficient-data { fill: none; stroke: #8fa3b0; stroke-dasharray: 2 2 }
@media (prefers-color-scheme: dark) { text { fill: #e8eaed } .warning { fill: #f2b650 } .drift { fill: #ff9066 } }</style>`;

/** Space below the rows of a series, for its name and the labels of its first and last window. */
const GAP = 40;

/**
 * A backtest as a self-contained SVG: for each length of windows a row a subject and a column a window in order, coloured by
 * verdict, stronger the further its largest effect went (full at the threshold). Each cell has its reason as a title.
 */
export function drawBacktest(modelName: string, backtest: Backtest): string {
  const all = seriesOf(backtest);
  const heights = all.map(({ windows }) => windows[0]!.subjects.length * ROW + GAP);
  const tops = heights.map((_, i) => TOP + heights.slice(0, i).reduce((sum, height) => sum + height, 0));
  const series = all.map((one, i) => drawSeries(one, tops[i]!, all.length > 1));
  const height = TOP + heights.reduce((sum, one) => sum + one, 0);
  const label = `${modelName}: ${backtest.windows.length} windows, ${alertsInWords(backtest.alerts)}`;
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
${STYLE}<text x="8" y="18">${label} (grey ok, amber warning, red drift)</text>${series}</svg>`;
  return `${picture.text}\n`;
}

/** Rows of one series from `top` on, and below them where its columns begin and end. */
function drawSeries({ name, windows }: WindowSeries, top: number, named: boolean): Html {
  const subjects = windows[0]!.subjects;
  const x = scaleBand(
    windows.map((_, i) => i),
    [LABELS, WIDTH - 8],
  ).paddingInner(0.08);
  const rows = subjects.map(({ subject }, row) => {
    const y = top + row * ROW;
    const cells = windows.map((window, column) =>
      drawCell(window, window.subjects[row]!, { x: x(column)!, y, width: x.bandwidth() }),
    );
    return html`<text x="${LABELS - 8}" y="${y + 17}" text-anchor="end">${clip(subject)}</text>${cells}`;
  });
  const y = top + subjects.length * ROW + 18;
  return html`${rows}${named && html`<text x="8" y="${y}">${clip(name)}</text>`}
<text x="${LABELS}" y="${y}">${windows[0]!.label}</text><text x="${WIDTH - 8}" y="${y}" text-anchor="end">${windows.at(-1)!.label}</text>`;
}

function drawCell(
  { label }: BacktestWindow,
  { verdict, statistics, reason }: SubjectVerdict,
  box: { x: number; y: number; width: number },
): Html {
  const effect = Math.max(0, ...statistics.map(({ value, threshold }) => value / threshold));
  const strength = scaleLinear([0, 1], [0.12, 1]).clamp(true)(verdict === 'insufficient-data' ? 1 : effect);
  return html`<rect class="cell ${verdict}" x="${at(box.x)}" y="${box.y}" width="${at(box.width)}" height="${ROW - 4}" opacity="${figure(strength)}"><title>${label}: ${verdict}. ${reason}</title></rect>`;
}

function clip(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST_LABEL ? text : `${characters.slice(0, LONGEST_LABEL - 1).join('')}…`;
}
