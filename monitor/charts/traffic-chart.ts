import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, curveMonotoneX } from 'd3-shape';
import { count, instantText } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import { at, type Frame, horizontalGrid, picture, timeAxis } from './frame.js';

/** Rows in one step of time, by model version. `start` is RFC 3339. */
export interface TrafficStep {
  start: string;
  rows: { model_version: number; row_count: number }[];
}

/** Traffic over a period in steps of equal length, oldest first, steps without rows included. */
export interface Traffic {
  step_seconds: number;
  steps: TrafficStep[];
}

const FRAME: Frame = { width: 360, height: 146, left: 38, right: 352, top: 10, bottom: 124 };
/** As many colours as the style sheet has for versions; further ones begin again. */
const VERSION_COLOURS = 4;

/** Versions that had traffic, newest first: the order of their colours. */
export function versionsOf(traffic: Traffic): number[] {
  const all = traffic.steps.flatMap((step) => step.rows.map((row) => row.model_version));
  return [...new Set(all)].sort((a, b) => b - a);
}

/** The class of a version's colour. */
export function versionClass(versions: number[], version: number): string {
  return `version-${versions.indexOf(version) % VERSION_COLOURS}`;
}

/** Rows a step as columns, one version upon the other. */
export function trafficChart(traffic: Traffic, unit: string): Html {
  const { steps, step_seconds: seconds } = traffic;
  const versions = versionsOf(traffic);
  const most = Math.max(1, ...steps.map(rowsOf));
  const label = `Rows a ${unit} by version, at most ${count(most)}`;
  const start = Date.parse(steps[0]?.start ?? new Date(0).toISOString());
  const x = scaleUtc([start, start + steps.length * seconds * 1_000], [FRAME.left, FRAME.right]);
  const y = scaleLinear([0, most], [FRAME.bottom, FRAME.top]).nice(3);
  const width = Math.max(0.8, (FRAME.right - FRAME.left) / Math.max(1, steps.length) - 1);
  const bars = steps.flatMap((step) => {
    let below = 0;
    return [...step.rows]
      .sort((a, b) => a.model_version - b.model_version)
      .map((row) => {
        const [bottom, top] = [y(below), y(below + row.row_count)];
        below += row.row_count;
        const words = `${instantText(step.start)}, version ${row.model_version}: ${count(row.row_count)} rows`;
        return html`<rect class="${versionClass(versions, row.model_version)}" x="${at(x(Date.parse(step.start)))}" width="${at(width)}" y="${at(top)}" height="${at(bottom - top)}"><title>${words}</title></rect>`;
      });
  });
  return picture(FRAME, label, [
    horizontalGrid(
      FRAME,
      y
        .ticks(3)
        .filter((tick) => tick > 0 && Number.isInteger(tick))
        .map((tick) => ({ y: y(tick), text: short(tick) })),
    ),
    bars,
    timeAxis(FRAME, x),
  ]);
}

/** Traffic as a line without axes, for a card. */
export function sparkline(traffic: Traffic, label: string): Html {
  const [width, height] = [200, 36];
  const most = Math.max(1, ...traffic.steps.map(rowsOf));
  const x = scaleLinear([0, Math.max(1, traffic.steps.length - 1)], [1, width - 1]);
  const y = scaleLinear([0, most], [height - 1, 3]);
  const shape = area<TrafficStep>(
    (_, i) => x(i),
    height - 1,
    (step) => y(rowsOf(step)),
  )
    .digits(1)
    .curve(curveMonotoneX);
  return picture({ width, height }, label, html`<path class="spark" d="${shape(traffic.steps) ?? ''}" />`, 'sparkline');
}

/** Rows of all versions in a step. */
export function rowsOf(step: TrafficStep): number {
  return step.rows.reduce((sum, row) => sum + row.row_count, 0);
}

function short(value: number): string {
  return value >= 10_000 ? `${value / 1_000}k` : count(value);
}
