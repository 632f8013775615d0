import { scaleLinear } from 'd3-scale';
import { percent } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { DistributionCell } from './cells.js';
import { at, picture } from './frame.js';

const WIDTH = 360;
const LABELS = 112;
const VALUES = 44;
const ROW = 26;
const BAR = 8;
const LONGEST_LABEL = 18;

/** Two bars a cell, reference above current, with the current share in figures; as high as there are cells. */
export function categoryChart(label: string, cells: DistributionCell[]): Html {
  const most = Math.max(...cells.flatMap((cell) => [cell.reference_share, cell.current_share]), 0.01);
  const x = scaleLinear([0, most], [0, WIDTH - LABELS - VALUES]);
  const rows = cells.map((cell, i) => {
    const top = 4 + i * ROW;
    const bar = (share: number, y: number, kind: string): Html =>
      html`<rect class="${kind}" x="${LABELS}" y="${at(y)}" width="${at(Math.max(share > 0 ? 1 : 0, x(share)))}" height="${BAR}" />`;
    return html`<g><title>${cell.label}: reference ${percent(cell.reference_share)}, current ${percent(cell.current_share)}</title>
<text x="${LABELS - 8}" y="${at(top + 12)}" text-anchor="end">${clip(cell.label)}</text>
${bar(cell.reference_share, top, 'reference')}${bar(cell.current_share, top + BAR + 1, 'current')}
<text class="value" x="${at(LABELS + x(Math.max(cell.reference_share, cell.current_share)) + 6)}" y="${at(top + 12)}">${percent(cell.current_share)}</text></g>`;
  });
  const height = Math.max(1, cells.length) * ROW + 4;
  return picture({ width: WIDTH, height }, label, rows);
}

/** A label that fits beside the bars. */
export function clip(text: string, longest = LONGEST_LABEL): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join('')}…`;
}
