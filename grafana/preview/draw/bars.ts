import { scaleBand, scaleLinear } from 'd3-scale';
import { at, horizontalAxis, horizontalGrid, picture } from '../../../monitor/charts/frame.js';
import { type Html, html } from '../../../monitor/html/html.js';
import type { Answer } from '../answer.js';
import type { PanelFile } from '../dashboard-file.js';
import { inUnit } from '../values.js';
import { frameOf } from './box.js';
import { LEGEND_HEIGHT, legend, lineColour } from './legend.js';

const LEFT = 56;

/** A group of bars a row. */
export function drawBars(panel: PanelFile, answers: Answer[]): Html {
  const [answer] = answers;
  if (answer?.kind !== 'table') return html``;
  const category = answer.columns.indexOf(String(panel.options?.xField));
  const fields = answer.columns.map((name, column) => ({ name, column })).filter(({ column }) => column !== category);
  const names = answer.rows.map((row) => String(row[category]));
  const values = answer.rows.flatMap((row) => fields.map(({ column }) => Number(row[column] ?? 0)));
  const frame = frameOf(panel, { left: LEFT, legend: LEGEND_HEIGHT });
  const places = scaleBand(
    names.map((_, i) => i),
    [frame.left, frame.right],
  ).padding(0.2);
  const within = scaleBand(
    fields.map(({ name }) => name),
    [0, places.bandwidth()],
  ).padding(0.05);
  const y = scaleLinear([0, Math.max(...values, 1e-9)], [frame.bottom, frame.top]).nice(4);
  const unit = panel.fieldConfig?.defaults?.unit ?? 'none';
  const drawn = answer.rows.flatMap((row, i) =>
    fields.map(({ name, column }, j) => {
      const value = Number(row[column] ?? 0);
      return html`<rect x="${at(places(i)! + within(name)!)}" width="${at(within.bandwidth())}" y="${at(y(value))}" height="${at(frame.bottom - y(value))}" fill="${lineColour(j)}"><title>${names[i]!}, ${name}: ${inUnit(value, unit)}</title></rect>`;
    }),
  );
  const ticks = y.ticks(4).map((tick) => ({ y: y(tick), text: inUnit(tick, unit) }));
  const labels = names.map((text, i) => ({ x: places(i)! + places.bandwidth() / 2, text }));
  const chart = picture(frame, panel.title ?? '', [horizontalGrid(frame, ticks), drawn, horizontalAxis(frame, labels)]);
  return html`${chart}${legend(fields.map(({ name }) => name))}`;
}
