import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter } from 'd3-shape';
import { percent } from '../html/format.js';
import { type Html, html } from '../html/html.js';
import type { DistributionCell } from './cells.js';
import { at, picture } from './frame.js';

const WIDTH = 200;
const HEIGHT = 34;
const SIDE = 12;

/**
 * Where one value stands in the reference distribution: the distribution as an area, the value as an upright line; beside
 * it when it lies outside. For a category, its share in the reference.
 */
export function valueMark(name: string, cells: DistributionCell[], value: number | string | boolean | null): Html {
  const cell = cellOf(cells, value);
  const share = cell?.reference_share ?? 0;
  const label = `${name}: ${cell ? `${cell.label}, ${percent(share)} of the reference` : 'not in the reference'}`;
  const bins = cells.filter((c) => c.type === 'bin' && c.from !== undefined);
  if (typeof value !== 'number' || bins.length < 3) return shareBar(label, share);
  const [low, high] = [bins[0]!.from!, bins.at(-1)!.to!];
  const x = scaleLinear([low, high], [SIDE, WIDTH - SIDE]).clamp(true);
  const most = Math.max(...bins.map((bin) => bin.reference_share), 0.01);
  const y = scaleLinear([0, most], [HEIGHT - 2, 4]);
  const shape = area<DistributionCell>(
    (c) => x(c.from!),
    HEIGHT - 2,
    (c) => y(c.reference_share),
  )
    .digits(1)
    .curve(curveStepAfter);
  const place = value < low ? SIDE / 2 : value >= high ? WIDTH - SIDE / 2 : x(value);
  return picture(
    { width: WIDTH, height: HEIGHT },
    label,
    html`<path class="reference" d="${shape([...bins, { ...bins.at(-1)!, from: high }]) ?? ''}" /><line class="value-line" x1="${at(place)}" x2="${at(place)}" y1="1" y2="${HEIGHT - 1}" />`,
    'sparkline',
  );
}

function shareBar(label: string, share: number): Html {
  return picture(
    { width: WIDTH, height: HEIGHT },
    label,
    html`<rect class="reference" x="0" y="12" width="${WIDTH}" height="10" opacity="0.35" /><rect class="current" x="0" y="12" width="${at(WIDTH * share)}" height="10" />`,
    'sparkline',
  );
}

/** The cell that a value falls in. */
export function cellOf(
  cells: DistributionCell[],
  value: number | string | boolean | null,
): DistributionCell | undefined {
  if (value === null) return cells.find((cell) => cell.type === 'missing');
  if (typeof value === 'string') {
    return (
      cells.find((cell) => cell.type === 'category' && cell.label === value) ??
      cells.find((cell) => cell.type === 'unseen')
    );
  }
  const number = Number(value);
  return cells.find((cell) => {
    if (cell.type === 'below') return number < cell.to!;
    if (cell.type === 'above') return number >= cell.from!;
    return cell.type === 'bin' && (cell.from === undefined || (number >= cell.from && number < cell.to!));
  });
}
