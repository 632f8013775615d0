import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { figure, instantText } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import { at, type Frame, horizontalGrid, picture, timeAxis } from './frame.js';

/** A metric in one window with the ends of its interval, where it has them. `time` is the end of the window. */
export interface MetricPoint {
  time: Date;
  value: number;
  low: number | null;
  high: number | null;
}

const FRAME: Frame = { width: 360, height: 146, left: 38, right: 352, top: 10, bottom: 124 };

/** A metric window by window: real as a line with its interval around it, estimated as a dashed line. */
export function performanceChart(metric: string, real: MetricPoint[], estimated: MetricPoint[]): Html {
  const all = [...real, ...estimated];
  const label = `${metric} by window, real in ${real.length} windows and estimated in ${estimated.length}`;
  if (all.length === 0)
    return picture(FRAME, label, html`<text x="180" y="70" text-anchor="middle">no window yet</text>`);
  const times = all.map((point) => point.time.getTime());
  const values = all.flatMap((point) => [point.value, point.low ?? point.value, point.high ?? point.value]);
  const x = scaleUtc([Math.min(...times), Math.max(...times)], [FRAME.left + 6, FRAME.right - 6]);
  const y = scaleLinear([Math.min(...values), Math.max(...values)], [FRAME.bottom - 6, FRAME.top]).nice(3);
  const path = (points: MetricPoint[]): string =>
    line<MetricPoint>(
      (p) => x(p.time),
      (p) => y(p.value),
    ).digits(1)(points) ?? '';
  const band = area<MetricPoint>(
    (p) => x(p.time),
    (p) => y(p.low ?? p.value),
    (p) => y(p.high ?? p.value),
  ).digits(1)(real);
  const mark = (point: MetricPoint, kind: string): Html =>
    html`<circle class="${kind}" cx="${at(x(point.time))}" cy="${at(y(point.value))}" r="3"><title>${instantText(point.time)}: ${kind} ${figure(point.value)}</title></circle>`;
  return picture(FRAME, label, [
    html`<path class="interval-band" d="${band ?? ''}" />`,
    horizontalGrid(
      FRAME,
      y.ticks(3).map((tick) => ({ y: y(tick), text: figure(tick) })),
    ),
    html`<path class="estimated-line" d="${path(estimated)}" /><path class="history-line" d="${path(real)}" />`,
    estimated.map((point) => mark(point, 'estimated')),
    real.map((point) => mark(point, 'real')),
    timeAxis(FRAME, x),
  ]);
}
