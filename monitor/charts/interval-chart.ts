import { scaleLinear } from 'd3-scale';
import { figure } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import { at, type Frame, horizontalAxis, picture } from './frame.js';

const FRAME: Frame = { width: 360, height: 74, left: 14, right: 346, top: 8, bottom: 50 };

/** The improvement of a challenger with its interval, against none and against the least that is asked for. */
export function intervalChart(options: { improvement: number; low: number; high: number; minimum: number }): Html {
  const { improvement, low, high, minimum } = options;
  const values = [low, high, 0, minimum, improvement];
  const margin = (Math.max(...values) - Math.min(...values)) * 0.12 || 0.01;
  const x = scaleLinear([Math.min(...values) - margin, Math.max(...values) + margin], [FRAME.left, FRAME.right]);
  const label = `Improvement ${figure(improvement)}, 95 % interval ${figure(low)} to ${figure(high)}; above ${figure(minimum)} is asked for`;
  const upright = (value: number, kind: string): Html =>
    html`<line class="${kind}" x1="${at(x(value))}" x2="${at(x(value))}" y1="${FRAME.top}" y2="${FRAME.bottom}" />`;
  const better = low > minimum ? 'better' : 'open';
  return picture(FRAME, label, [
    upright(0, 'zero'),
    minimum !== 0 && upright(minimum, 'threshold'),
    html`<line class="interval ${better}" x1="${at(x(low))}" x2="${at(x(high))}" y1="28" y2="28" /><circle class="interval-point ${better}" cx="${at(x(improvement))}" cy="28" r="5" />`,
    horizontalAxis(
      FRAME,
      x.ticks(5).map((tick) => ({ x: x(tick), text: figure(tick) })),
    ),
  ]);
}
