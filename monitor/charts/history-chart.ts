import { scalePow, scaleUtc } from 'd3-scale';
import { area, curveStepAfter, line, symbol, symbolCircle, symbolDiamond2, symbolTriangle } from 'd3-shape';
import { figure, instantText } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { Verdict } from '../verdicts/verdict.js';
import { at, type Frame, horizontalGrid, picture, timeAxis } from './frame.js';

/** One window in the history of a subject; what could not be computed is null. Instants are RFC 3339. */
export interface HistoryPoint {
  window_start: string;
  window_end: string;
  model_version: number;
  psi: number | null;
  psi_null_band: number | null;
  verdict: Verdict;
}

const FRAME: Frame = { width: 360, height: 146, left: 38, right: 352, top: 10, bottom: 124 };
const SHAPES = { ok: symbolCircle, warning: symbolTriangle, drift: symbolDiamond2, 'insufficient-data': symbolCircle };
const SIZES = { ok: 34, warning: 52, drift: 56, 'insufficient-data': 16 };

/**
 * PSI of one subject, window by window (oldest first), over the null band of each window and against the threshold. The
 * scale is that of square roots, so that a threshold of 0.1 and a PSI of 3 both can be read. Verdicts differ in shape too.
 */
export function historyChart(name: string, history: HistoryPoint[], threshold: number): Html {
  const points = history.filter(
    (point): point is HistoryPoint & { psi: number; psi_null_band: number } => point.psi !== null,
  );
  const label = `${name}: PSI of the last ${points.length} windows, threshold ${figure(threshold)}`;
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last)
    return picture(
      FRAME,
      `${label}. No window had enough rows.`,
      html`<text x="180" y="70" text-anchor="middle">no window with enough rows yet</text>`,
    );
  const [start, end] = [Date.parse(first.window_start), Date.parse(last.window_end)];
  const x = scaleUtc([start, end], [FRAME.left, FRAME.right]);
  const most = Math.max(threshold * 1.6, ...points.map((point) => Math.max(point.psi, point.psi_null_band)));
  const y = scalePow([0, most], [FRAME.bottom, FRAME.top]).exponent(0.5);
  const middle = (point: HistoryPoint): number =>
    x((Date.parse(point.window_start) + Date.parse(point.window_end)) / 2);
  const band = [
    ...points.map((p) => ({ time: Date.parse(p.window_start), limit: p.psi_null_band })),
    { time: end, limit: last.psi_null_band },
  ];
  const bandPath = area<(typeof band)[number]>(
    (p) => x(p.time),
    FRAME.bottom,
    (p) => y(p.limit),
  )
    .digits(1)
    .curve(curveStepAfter)(band);
  const path = line<(typeof points)[number]>(middle, (p) => y(p.psi)).digits(1)(points);
  return picture(FRAME, label, [
    html`<path class="band" d="${bandPath ?? ''}" />`,
    horizontalGrid(
      FRAME,
      gridValues(most).map((value) => ({ y: y(value), text: figure(value) })),
    ),
    html`<line class="threshold" x1="${FRAME.left}" x2="${FRAME.right}" y1="${at(y(threshold))}" y2="${at(y(threshold))}" />`,
    html`<path class="history-line" d="${path ?? ''}" />`,
    points.map((point) => marker(point, middle(point), y(point.psi))),
    timeAxis(FRAME, x),
  ]);
}

function marker(point: HistoryPoint & { psi: number }, x: number, y: number): Html {
  const shape = symbol(SHAPES[point.verdict], SIZES[point.verdict]).digits(1)();
  const words = `${instantText(point.window_end)}: PSI ${figure(point.psi)}, ${point.verdict}`;
  return html`<path class="mark ${point.verdict}" d="${shape ?? ''}" transform="translate(${at(x)},${at(y)})"><title>${words}</title></path>`;
}

/** Three values up to the greatest that stand apart on a scale of square roots. */
function gridValues(most: number): number[] {
  const nice = (value: number): number => Number(value.toPrecision(1));
  return [...new Set([most / 12, most / 2.8, most * 0.95].map(nice))].filter((value) => value > 0 && value <= most);
}
