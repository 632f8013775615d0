import { createRandom, type Random } from '../../core/random.js';
import { SHAPES, type Shape } from './shapes.js';
import { createWatch, drawColumns, drawModel, MONITORING } from './simulated-model.js';

/** A drift of one feature among calm ones. */
interface DriftCase {
  name: string;
  calm: Shape;
  drifted: Shape;
  /** Share of windows that has to be caught; undefined where none was asked for. */
  wanted?: number;
}

/** How often a drift was caught. */
export interface PowerResult {
  name: string;
  wanted: number | undefined;
  repeats: number;
  /** Share of single windows in which the drifted feature exceeded. */
  window: number;
  /** Share of repeats in which its drift was confirmed by the third window. */
  confirmed: number;
}

const number = (draw: (r: Random) => number): Shape => ({ name: 'drifting', number: draw });
const text = (draw: (r: Random) => string): Shape => ({ name: 'drifting', text: draw });
const normal = number((r) => r.normal());
const amount = (sigma: number, factor = 1): Shape => number((r) => factor * Math.exp(sigma * r.normal()));
/** Five categories, the first of the given share, the others equal. */
const category = (share: number): Shape => text((r) => (r.next() < share ? 'first' : `other${r.integer(4)}`));
const sometimes = (share: number, value: number): Shape => number((r) => (r.next() < share ? value : r.normal()));

/** What is asked for, and what else goes wrong in practice. */
export const DRIFT_CASES: readonly DriftCase[] = [
  { name: 'a normal feature moved by 0.5 sigma', calm: normal, drifted: number((r) => r.normal() + 0.5), wanted: 0.95 },
  { name: 'median of a log-normal (sigma 1) doubled', calm: amount(1), drifted: amount(1, 2), wanted: 0.9 },
  { name: 'median of a log-normal (sigma 1.8) doubled', calm: amount(1.8), drifted: amount(1.8, 2), wanted: 0.9 },
  { name: 'share of a category from 10 % to 25 %', calm: category(0.1), drifted: category(0.25), wanted: 0.99 },
  { name: 'an error code in 5 % of the rows', calm: normal, drifted: sometimes(0.05, -999) },
  { name: 'missing in 10 % of the rows, before in none', calm: normal, drifted: sometimes(0.1, Number.NaN) },
  {
    name: 'a new category in 5 % of the rows',
    calm: category(0.1),
    drifted: text((r) => (r.next() < 0.05 ? 'new' : r.next() < 0.1 ? 'first' : `other${r.integer(4)}`)),
  },
  { name: 'a normal feature stuck at one value', calm: normal, drifted: number(() => 0.3) },
  { name: 'spread of a normal feature doubled', calm: normal, drifted: number((r) => 2 * r.normal()) },
];

const REFERENCE_ROWS = 5_000;
const ROWS = 500;
const FEATURES = 20;

/** Each drift in one of 20 features, the others calm and of all shapes, 500 rows against 5,000. */
export function runPower(options: { repeats: number; seed: number; say: (line: string) => void }): PowerResult[] {
  return DRIFT_CASES.map(({ name, calm, drifted, wanted }) => {
    let windows = 0;
    let confirmed = 0;
    for (let repeat = 0; repeat < options.repeats; repeat++) {
      const random = createRandom(options.seed + repeat * 104_729);
      const others = Array.from({ length: FEATURES - 1 }, () => SHAPES[random.integer(SHAPES.length)]!);
      const watch = createWatch(drawModel(random, [calm, ...others], REFERENCE_ROWS), random);
      let last = false;
      for (let w = 0; w < MONITORING.confirm[1]; w++) {
        const [first] = watch(ROWS, drawColumns(random, [drifted, ...others], ROWS)).subjects;
        if (first!.exceeded) windows++;
        last = first!.verdict === 'drift';
      }
      if (last) confirmed++;
    }
    options.say(`${name}: done`);
    const shareOf = (count: number, of: number): number => count / of;
    return {
      name,
      wanted,
      repeats: options.repeats,
      window: shareOf(windows, options.repeats * MONITORING.confirm[1]),
      confirmed: shareOf(confirmed, options.repeats),
    };
  });
}
