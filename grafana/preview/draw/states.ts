import { scaleUtc } from 'd3-scale';
import { clip } from '../../../monitor/charts/category-chart.js';
import { at, picture, timeAxis } from '../../../monitor/charts/frame.js';
import { type Html, html } from '../../../monitor/html/html.js';
import type { Answer } from '../answer.js';
import { mapped, thresholdColour } from '../colours.js';
import type { PanelFile } from '../dashboard-file.js';
import type { View } from '../view.js';
import { frameOf } from './box.js';

const LEFT = 190;
const LONGEST_NAME = 28;

/** A band a series, in the colour of its state. */
export function drawStates(panel: PanelFile, answers: Answer[], view: View): Html {
  const series = answers.flatMap((answer) => (answer.kind === 'series' ? answer.series : []));
  const frame = frameOf(panel, { left: LEFT, legend: 0 });
  const x = scaleUtc([view.from, view.to], [frame.left, frame.right]);
  const height = (frame.bottom - frame.top) / Math.max(1, series.length);
  const bands = series.map(({ name, points }, i) => {
    const top = frame.top + i * height;
    const parts = points.map(({ time, value }, j) => {
      const [from, to] = [x(time), x(points[j + 1]?.time ?? time)];
      const state = mapped(panel, value);
      return html`<rect x="${at(from)}" width="${at(Math.max(1, to - from))}" y="${at(top + 0.1 * height)}" height="${at(0.8 * height)}" fill="${state?.colour ?? thresholdColour(panel, value)}"><title>${state?.text ?? value}</title></rect>`;
    });
    return html`<text x="${LEFT - 8}" y="${at(top + height / 2 + 4)}" text-anchor="end">${clip(name, LONGEST_NAME)}</text>${parts}`;
  });
  return picture(frame, panel.title ?? '', [bands, timeAxis(frame, x)]);
}
