import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { at, type Frame, horizontalGrid, picture, timeAxis } from '../../../monitor/charts/frame.js';
import { type Html, html } from '../../../monitor/html/html.js';
import type { Answer, Exemplar, Series } from '../answer.js';
import { css, stepsOf } from '../colours.js';
import type { PanelFile } from '../dashboard-file.js';
import { inUnit } from '../values.js';
import type { View } from '../view.js';
import { frameOf } from './box.js';
import { LEGEND_HEIGHT, legend, lineColour } from './legend.js';

/** Pixels of a character of an axis, and beside the longest label. */
const CHARACTER = 6.8;
const MARGIN = 12;

interface Point {
  time: number;
  low: number;
  high: number;
}

/** Values over time. */
export function drawLines(panel: PanelFile, answers: Answer[], view: View): Html {
  const found = answers.filter((answer) => answer.kind === 'series');
  const series = found.flatMap((answer) => answer.series);
  const exemplars = found.flatMap((answer) => answer.exemplars);
  const { unit = 'none', min, max, custom } = panel.fieldConfig?.defaults ?? {};
  const isStacked = custom?.stacking?.mode === 'normal';
  const shapes = isStacked ? stack(series) : series.map(({ points }) => points.filter(isNumber).map(flat));
  const values = [...shapes.flat().flatMap(({ low, high }) => [low, high]), ...exemplars.map(({ value }) => value)];
  const [least, most] = [min ?? Math.min(...values), max ?? Math.max(...values)];
  const scale = scaleLinear([least, most > least ? most : least + 1], [0, 1]).nice(4);
  const labels = scale.ticks(4).map((value) => ({ value, text: inUnit(value, unit) }));
  const left = MARGIN + CHARACTER * Math.max(...labels.map(({ text }) => text.length));
  const frame = frameOf(panel, { left, legend: LEGEND_HEIGHT });
  const x = scaleUtc([view.from, view.to], [frame.left, frame.right]);
  const y = scale.copy().range([frame.bottom, frame.top]);
  const ticks = labels.map(({ value, text }) => ({ y: y(value), text }));
  const chart = picture(frame, panel.title ?? '', [
    horizontalGrid(frame, ticks),
    shapes.map((points, i) =>
      drawShape(
        points,
        { x, y },
        { colour: lineColour(i), isMarked: custom?.showPoints === 'always', isFilled: isStacked },
      ),
    ),
    stepsOf(panel).map((step) => threshold(step, frame, y)),
    exemplars.map((exemplar) => diamond(exemplar, x(exemplar.time), y(exemplar.value))),
    (view.marks ?? []).map((time) => mark(x(time), frame)),
    timeAxis(frame, x),
  ]);
  return html`${chart}${legend(series.map(({ name }) => name))}`;
}

const isNumber = ({ value }: { value: number }): boolean => Number.isFinite(value);
const flat = ({ time, value }: { time: number; value: number }): Point => ({ time, low: 0, high: value });

/** Each series upon the ones before it, at the same instants. */
function stack(series: Series[]): Point[][] {
  const tops = new Map<number, number>();
  return series.map(({ points }) =>
    points.filter(isNumber).map(({ time, value }) => {
      const low = tops.get(time) ?? 0;
      tops.set(time, low + value);
      return { time, low, high: low + value };
    }),
  );
}

function drawShape(
  points: Point[],
  { x, y }: { x: (time: number) => number; y: (value: number) => number },
  { colour, isMarked, isFilled }: { colour: string; isMarked: boolean; isFilled: boolean },
): Html {
  const top = line<Point>(
    (point) => x(point.time),
    (point) => y(point.high),
  ).digits(1)(points);
  const below = area<Point>(
    (point) => x(point.time),
    (point) => y(point.low),
    (point) => y(point.high),
  ).digits(1)(points);
  // A line needs two points: a single one is shown by itself.
  const marks = isMarked || points.length === 1 ? points : [];
  return html`${isFilled && html`<path d="${below ?? ''}" fill="${colour}" fill-opacity="0.3" />`}<path d="${top ?? ''}" fill="none" stroke="${colour}" stroke-width="1.6" />${marks.map((point) => html`<circle cx="${at(x(point.time))}" cy="${at(y(point.high))}" r="2.5" fill="${colour}" />`)}`;
}

function threshold(
  step: { value: number | null; color: string },
  frame: Frame,
  y: (value: number) => number,
): Html | null {
  if (step.value === null) return null;
  const height = y(step.value);
  if (height < frame.top || height > frame.bottom) return null;
  return html`<line x1="${frame.left}" x2="${frame.right}" y1="${at(height)}" y2="${at(height)}" stroke="${css(step.color)}" stroke-dasharray="6 4" />`;
}

function mark(x: number, { top, bottom }: Frame): Html {
  return html`<line x1="${at(x)}" x2="${at(x)}" y1="${top}" y2="${bottom}" stroke="${css('purple')}" stroke-dasharray="3 3" />`;
}

function diamond({ traceId }: Exemplar, x: number, y: number): Html {
  return html`<path d="M${at(x)} ${at(y - 5)}l5 5-5 5-5-5z" fill="#a352cc"><title>trace ${traceId}</title></path>`;
}
