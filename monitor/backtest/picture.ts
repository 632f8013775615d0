import { scaleBand, scaleLinear } from 'd3-scale';
import { at } from '../charts/frame.js';
import { figure } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { SubjectVerdict } from '../verdicts/verdict.js';
import type { Backtest, BacktestWindow } from './backtest.js';

const LABELS = 170;
const WIDTH = 900;
const ROW = 26;
const TOP = 34;
const LONGEST_LABEL = 24;

/** The colours of verdicts, light and dark; how strong one is tells how far the effect went. */
const STYLE = html`<style>text { font: 13px system-ui, sans-serif; fill: #1c2024 } .cell { fill: #8fa3b0 } .warning { fill: #c77700 }
.drift { fill: #b23106 } .insufficient-data { fill: none; stroke: #8fa3b0; stroke-dasharray: 2 2 }
@media (prefers-color-scheme: dark) { text { fill: #e8eaed } .warning { fill: #f2b650 } .drift { fill: #ff9066 } }</style>`;

/**
 * A backtest as a self-contained SVG: a row a subject, a column a window in order, coloured by verdict, stronger the
 * further its largest effect went (full at the threshold). Each cell has its reason as a title.
 */
export function drawBacktest(modelName: string, { windows, alerts }: Backtest): string {
  const subjects = windows[0]?.subjects ?? [];
  const height = TOP + subjects.length * ROW + 24;
  const x = scaleBand(
    windows.map((_, i) => i),
    [LABELS, WIDTH - 8],
  ).paddingInner(0.08);
  const rows = subjects.map(({ subject }, row) => {
    const y = TOP + row * ROW;
    const cells = windows.map((window, column) =>
      drawCell(window, window.subjects[row]!, { x: x(column)!, y, width: x.bandwidth() }),
    );
    return html`<text x="${LABELS - 8}" y="${y + 17}" text-anchor="end">${clip(subject)}</text>${cells}`;
  });
  const label = `${modelName}: ${windows.length} windows, ${alerts} ${alerts === 1 ? 'alert' : 'alerts'} would have begun`;
  const [first, last] = [windows[0]?.label ?? '', windows.at(-1)?.label ?? ''];
  const picture = html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${label}">
${STYLE}<text x="8" y="18">${label} (grey ok, amber warning, red drift)</text>${rows}
<text x="${LABELS}" y="${height - 6}">${first}</text><text x="${WIDTH - 8}" y="${height - 6}" text-anchor="end">${last}</text></svg>`;
  return `${picture.text}\n`;
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
