import { scaleLinear, scaleUtc } from 'd3-scale';
import { clip } from '../../../monitor/charts/category-chart.js';
import { at, picture, timeAxis } from '../../../monitor/charts/frame.js';
import { type Html, html } from '../../../monitor/html/html.js';
import type { Answer, Series } from '../answer.js';
import { pointsOf } from '../ask.js';
import type { PanelFile } from '../dashboard-file.js';
import { inUnit } from '../values.js';
import { intervalSeconds, SCRAPE_SECONDS, type View } from '../view.js';
import { frameOf } from './box.js';

const LEFT = 150;

/** Ends and middle of the colour schemes that our dashboards use. */
const SCHEMES: Record<string, string[]> = {
  Blues: ['#f7fbff', '#6baed6', '#08306b'],
  RdYlBu: ['#a50026', '#ffffbf', '#313695'],
};

/** Time across, a row a series or bucket. */
export function drawHeatMap(panel: PanelFile, answers: Answer[], view: View): Html {
  const isHistogram = panel.targets?.[0]?.format === 'heatmap';
  const series = answers.flatMap((answer) => (answer.kind === 'series' ? answer.series : []));
  const rows = isHistogram ? withoutBelow(series) : series;
  const { scheme = 'Blues', reverse = false, min, max } = panel.options?.color ?? {};
  const values = rows.flatMap(({ points }) => points.map(({ value }) => value));
  const range = [min ?? 0, max ?? Math.max(...values)];
  const colours = reverse ? [...SCHEMES[scheme]!].reverse() : SCHEMES[scheme]!;
  const colour = scaleLinear<string>([range[0]!, (range[0]! + range[1]!) / 2, range[1]!], colours).clamp(true);
  const frame = frameOf(panel, { left: LEFT, legend: 0 });
  const x = scaleUtc([view.from, view.to], [frame.left, frame.right]);
  const stepMs = intervalSeconds(view, pointsOf(panel), SCRAPE_SECONDS) * 1_000;
  const width = Math.max(1, x(view.from.getTime() + stepMs) - frame.left - 0.5);
  const height = (frame.bottom - frame.top) / Math.max(1, rows.length);
  const unit = panel.options?.yAxis?.unit ?? 'string';
  const drawn = rows.map((row, i) => {
    const top = frame.bottom - (i + 1) * height;
    const name = unit === 'string' || row.name === '+Inf' ? row.name : inUnit(Number(row.name), unit);
    const cells = row.points
      .filter(({ value }) => Number.isFinite(value) && !(isHistogram && value === 0))
      .map(({ time, value }) => {
        const title = html`<title>${name}: ${inUnit(value, 'none')}</title>`;
        return html`<rect x="${at(Math.max(frame.left, x(time) - width))}" y="${at(top)}" width="${at(width)}" height="${at(height - 1)}" fill="${colour(value)}">${title}</rect>`;
      });
    return html`<text x="${LEFT - 8}" y="${at(top + height / 2 + 4)}" text-anchor="end">${clip(name)}</text>${cells}`;
  });
  return picture(frame, panel.title ?? '', [drawn, timeAxis(frame, x)]);
}

/** Buckets of a histogram as they are: each holds those below it too, in the series. */
function withoutBelow(series: Series[]): Series[] {
  const ascending = [...series].sort((a, b) => bound(a) - bound(b));
  return ascending.map(({ name, points }, i) => {
    const below = new Map(ascending[i - 1]?.points.map(({ time, value }) => [time, value]));
    return { name, points: points.map(({ time, value }) => ({ time, value: value - (below.get(time) ?? 0) })) };
  });
}

const bound = ({ name }: Series): number => (name === '+Inf' ? Number.POSITIVE_INFINITY : Number(name));
