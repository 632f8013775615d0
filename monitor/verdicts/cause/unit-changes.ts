import { binOf } from '../../../core/reference/profile.js';
import { ksCriticalValue } from '../../statistics/ks-critical-value.js';
import { ksFromCounts } from '../../statistics/ks-from-counts.js';
import { orderedBins } from '../cells.js';

/** How the numbers of one unit become those of another: value * factor + offset. */
interface UnitChange {
  name: string;
  factor: number;
  offset: number;
}

const factors: [string, number][] = [
  ['tenfold', 10],
  ['a hundredfold (per cent, centimetres, cents)', 100],
  ['a thousandfold (milli, kilo)', 1_000],
  ['a millionfold', 1_000_000],
  ['60 (minutes, seconds)', 60],
  ['3,600 (hours, seconds)', 3_600],
  ['2.54 (inches, centimetres)', 2.54],
  ['3.2808 (metres, feet)', 1 / 0.3048],
  ['2.2046 (kilograms, pounds)', 1 / 0.45359237],
  ['1.6093 (miles, kilometres)', 1.609344],
];

/** Changes of unit that are looked for, in both directions. */
export const UNIT_CHANGES: readonly UnitChange[] = [
  ...factors.flatMap(([name, factor]) => [
    { name: `multiplied by ${name}`, factor, offset: 0 },
    { name: `divided by ${name}`, factor: 1 / factor, offset: 0 },
  ]),
  { name: 'changed from degrees Celsius to Fahrenheit (x 1.8 + 32)', factor: 1.8, offset: 32 },
  { name: 'changed from degrees Fahrenheit to Celsius', factor: 1 / 1.8, offset: -32 / 1.8 },
  { name: 'changed from degrees Celsius to kelvins (+ 273.15)', factor: 1, offset: 273.15 },
  { name: 'changed from kelvins to degrees Celsius (- 273.15)', factor: 1, offset: -273.15 },
  { name: 'changed in sign', factor: -1, offset: 0 },
];

/** A change of unit, and how far apart the values were before and after taking it back (Kolmogorov-Smirnov distance). */
export interface FoundUnitChange {
  name: string;
  distance: number;
  distanceTakenBack: number;
}

/** The values must be this far from the reference as they are: nearer, a moved population explains them as well. */
const LEAST_DISTANCE = 0.5;
/**
 * Once the change is taken back what is left must be what sampling leaves in all but one of a thousand, or as small as
 * this: a population that moved also comes nearer when it is divided by something, but not as near.
 */
const SAMPLING_ALPHA = 0.001;
const SMALL_DISTANCE = 0.05;
const LEAST_VALUES = 30;

/**
 * The change of unit that, taken back, brings values closest to the reference; undefined where none brings them as near
 * (Kolmogorov-Smirnov distance) as rows of the reference itself would be, or where they are within 0.5 of it as they are. A spread over many orders of
 * magnitude therefore hides a change by a small factor: as little as it moves such a feature, a market could have.
 * @param edges      fine edges of the reference
 * @param reference  counts in its cells, missing last
 * @param values     a sample of the current values, no NaN; below 30 nothing is said
 */
export function findUnitChange(
  edges: number[],
  reference: number[],
  values: Float64Array,
): FoundUnitChange | undefined {
  if (values.length < LEAST_VALUES) return undefined;
  const ordered = orderedBins(reference);
  const distanceOf = (change: Pick<UnitChange, 'factor' | 'offset'>): number => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (const value of values) counts[binOf(edges, (value - change.offset) / change.factor)]!++;
    return ksFromCounts(ordered, counts).statistic;
  };
  const distance = distanceOf({ factor: 1, offset: 0 });
  if (!(distance >= LEAST_DISTANCE)) return undefined;
  const [best] = UNIT_CHANGES.map(({ name, factor, offset }) => ({
    name,
    distance,
    distanceTakenBack: distanceOf({ factor, offset }),
  })).sort((a, b) => a.distanceTakenBack - b.distanceTakenBack);
  const referenceRows = ordered.reduce((sum, count) => sum + count, 0);
  const near = Math.max(
    SMALL_DISTANCE,
    ksCriticalValue({ referenceRows, currentRows: values.length, alpha: SAMPLING_ALPHA }),
  );
  return best!.distanceTakenBack <= near ? best : undefined;
}
