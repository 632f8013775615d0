import type { ScaleTime } from 'd3-scale';
import { type Content, type Html, html } from '../html/html.js';

/** Where a chart draws within its box, in user units; text is set for a box that is shown about as wide as it is drawn. */
export interface Frame {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * An SVG picture. Colours come from the classes of the style sheet, so that light, dark and print are one picture, and no
 * style attribute is needed.
 * @param label  what the picture shows, in a sentence, for those who do not see it
 */
export function picture(frame: Pick<Frame, 'width' | 'height'>, label: string, content: Content, kind = ''): Html {
  const { width, height } = frame;
  return html`<svg class="chart ${kind}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>`;
}

/** Rounds a coordinate: a tenth of a unit is finer than a screen shows. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** About half the width of a digit, in user units: enough to tell whether labels fit. */
const HALF_DIGIT = 3.1;

/** Text at the ends and ticks of a horizontal axis, below its line. */
export function horizontalAxis(frame: Frame, ticks: { x: number; text: string }[]): Html {
  const { left, right, bottom, width } = frame;
  // The outermost labels stay within the box.
  const anchor = (x: number, text: string): string => {
    const half = text.length * HALF_DIGIT;
    return x - half < 0 ? 'start' : x + half > width ? 'end' : 'middle';
  };
  const labels = ticks.map(
    ({ x, text }) => html`<text x="${at(x)}" y="${at(bottom + 14)}" text-anchor="${anchor(x, text)}">${text}</text>`,
  );
  return html`<g class="axis"><line x1="${at(left)}" x2="${at(right)}" y1="${at(bottom)}" y2="${at(bottom)}" />${labels}</g>`;
}

const DAY_MS = 86_400_000;

/** A horizontal axis of instants in UTC: days where it spans more than two, else hours and minutes, else seconds too. */
export function timeAxis(frame: Frame, scale: ScaleTime<number, number>): Html {
  const [start, end] = scale.domain();
  const span = end!.getTime() - start!.getTime();
  const slice = span > 2 * DAY_MS ? [5, 10] : span > DAY_MS / 480 ? [11, 16] : [11, 19];
  const text = (tick: Date): string => tick.toISOString().slice(slice[0], slice[1]);
  const labels = scale.ticks(4).map((tick) => ({ x: scale(tick), text: text(tick) }));
  // d3 keeps to about as many ticks as are asked for; of those that would run into one another every second one goes.
  const room = (labels[1]?.x ?? 0) - (labels[0]?.x ?? 0);
  const crowded = labels.length > 1 && room < 2 * HALF_DIGIT * labels[0]!.text.length + 8;
  const thinned = crowded ? labels.filter((_, i) => i % 2 === 0) : labels;
  // The last one is drawn to the left where it would leave the box, and may then run into the one before.
  const last = thinned.at(-1);
  const before = thinned.at(-2);
  const clash = last && before && startOf(frame, last) < before.x + HALF_DIGIT * before.text.length + 4;
  return horizontalAxis(frame, clash ? thinned.slice(0, -1) : thinned);
}

/** Where a label begins that may not leave the box at the right. */
function startOf({ width }: Frame, { x, text }: { x: number; text: string }): number {
  const half = text.length * HALF_DIGIT;
  return x + half > width ? x - 2 * half : x - half;
}

/** Faint lines across, each with its value at the left. */
export function horizontalGrid(frame: Frame, ticks: { y: number; text: string }[]): Html {
  const { left, right } = frame;
  return html`<g class="grid">${ticks.map(
    ({ y, text }) =>
      html`<line x1="${at(left)}" x2="${at(right)}" y1="${at(y)}" y2="${at(y)}" /><text x="${at(left - 5)}" y="${at(y + 3.5)}" text-anchor="end">${text}</text>`,
  )}</g>`;
}
