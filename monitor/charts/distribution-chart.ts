import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { figure, percent } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import { categoryChart } from './category-chart.js';
import type { DistributionCell } from './cells.js';
import { at, type Frame, horizontalAxis, horizontalGrid, picture } from './frame.js';

const FRAME: Frame = { width: 360, height: 146, left: 38, right: 354, top: 8, bottom: 124 };
/** Width of the columns beside the bins, for what lies outside them, and of the gap before each. */
const SIDE = 22;
const GAP = 7;

/**
 * Reference and current distribution of one subject, one over the other: bins of equal width as areas, what lies outside
 * them and what is missing as columns beside them; categories as pairs of bars.
 */
export function distributionChart(name: string, cells: DistributionCell[]): Html {
  const bins = cells.filter((cell) => cell.type === 'bin');
  const label = `${name}: shares of rows in reference and current window. ${mostMoved(cells)}`;
  if (bins.length < 3 || bins.some((bin) => bin.from === undefined)) return categoryChart(label, cells);
  if (!isEven(bins)) return categoryChart(label, cells);
  return binChart(label, cells, bins);
}

function isEven(bins: DistributionCell[]): boolean {
  const widths = bins.map((bin) => bin.to! - bin.from!);
  return Math.max(...widths) <= 1.01 * Math.min(...widths);
}

/** The cell whose share changed most, in words. */
export function mostMoved(cells: DistributionCell[]): string {
  const change = (cell: DistributionCell): number => Math.abs(cell.current_share - cell.reference_share);
  const [most] = [...cells].sort((a, b) => change(b) - change(a));
  if (!most) return 'No rows.';
  return `Largest change: ${most.label}, from ${percent(most.reference_share)} to ${percent(most.current_share)}.`;
}

interface Column {
  cell: DistributionCell;
  x: number;
  text: string;
}

function binChart(label: string, cells: DistributionCell[], bins: DistributionCell[]): Html {
  const below = cells.filter((cell) => cell.type === 'below');
  const beside = cells.filter((cell) => cell.type === 'above' || cell.type === 'missing');
  const left = FRAME.left + below.length * (SIDE + GAP);
  const right = FRAME.right - beside.length * (SIDE + GAP);
  const x = scaleLinear([bins[0]!.from!, bins.at(-1)!.to!], [left, right]);
  const most = Math.max(...cells.flatMap((cell) => [cell.reference_share, cell.current_share]), 0.01);
  const y = scaleLinear([0, most], [FRAME.bottom, FRAME.top]).nice(3);
  const columns: Column[] = [
    ...below.map((cell) => ({ cell, x: FRAME.left, text: '<' })),
    ...beside.map((cell, i) => ({
      cell,
      x: right + GAP + i * (SIDE + GAP),
      text: cell.type === 'above' ? '≥' : 'none',
    })),
  ];
  const ticks = x.ticks(4).filter((tick) => x(tick) < right - 8);
  const sides = columns.map((column) => ({ x: column.x + SIDE / 2, text: column.text }));
  return picture(FRAME, label, [
    horizontalGrid(
      FRAME,
      y
        .ticks(3)
        .slice(1)
        .map((tick) => ({ y: y(tick), text: `${figure(tick * 100)} %` })),
    ),
    outlines(bins, x, y),
    columns.map((column) => sideColumn(column, y)),
    horizontalAxis(FRAME, [...ticks.map((tick) => ({ x: x(tick), text: figure(tick) })), ...sides]),
  ]);
}

function outlines(bins: DistributionCell[], x: (v: number) => number, y: (v: number) => number): Html {
  const end = { ...bins.at(-1)!, from: bins.at(-1)!.to! };
  const points = [...bins, end];
  const shape = (pick: (cell: DistributionCell) => number): string =>
    area<DistributionCell>(
      (c) => x(c.from!),
      FRAME.bottom,
      (c) => y(pick(c)),
    )
      .digits(1)
      .curve(curveStepAfter)(points) ?? '';
  const current =
    line<DistributionCell>(
      (c) => x(c.from!),
      (c) => y(c.current_share),
    )
      .digits(1)
      .curve(curveStepAfter)(points) ?? '';
  return html`<path class="reference" d="${shape((c) => c.reference_share)}" /><path class="current-area" d="${shape((c) => c.current_share)}" /><path class="current-line" d="${current}" />`;
}

function sideColumn({ cell, x }: Column, y: (v: number) => number): Html {
  const bar = (share: number, from: number, width: number, kind: string): Html =>
    html`<rect class="${kind}" x="${at(from)}" width="${at(width)}" y="${at(y(share))}" height="${at(FRAME.bottom - y(share))}" />`;
  return html`<g><title>${cell.label}: reference ${percent(cell.reference_share)}, current ${percent(cell.current_share)}</title>${bar(cell.reference_share, x, SIDE / 2 - 1, 'reference')}${bar(cell.current_share, x + SIDE / 2, SIDE / 2 - 1, 'current')}</g>`;
}
