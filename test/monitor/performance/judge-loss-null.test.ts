import { describe, expect, test } from 'vitest';
import { createRandom, type Random } from '../../../core/random.js';
import { judgeLoss } from '../../../monitor/performance/judge-loss.js';
import { normalInterval, wilsonInterval } from '../../../monitor/performance/wilson-interval.js';
import type { Performance } from '../../../monitor/performance/window-performance.js';
import { testManifest } from '../fixture.js';

// A retraining freezes its reference from the rows that were held out, which may be thirty. How often does a model that does
// exactly as well as ever seem to have fallen, because those few were lucky? A reference frozen once is held against windows
// for as long as it stands, so a window is large here: with many rows nothing but the reference is left to chance.

const TRIALS = 2_000;

function performance(metric: 'accuracy' | 'mae', value: number, low: number | null, high: number | null, rows: number) {
  const found = { metric, class: null, value, low, high, interval: 'normal' as const };
  return { rows, metrics: [found], confusion: null } satisfies Performance;
}

/** Share of right answers among so many, of a model that is right in 85 of 100. */
function accuracy(random: Random, rows: number): Performance {
  let right = 0;
  for (let row = 0; row < rows; row++) if (random.next() < 0.85) right++;
  const { low, high } = wilsonInterval(right, rows);
  return performance('accuracy', right / rows, low, high, rows);
}

/** Mean absolute error of so many rows; errors are of the double exponential kind, with more far ones than normal errors have. */
function absoluteError(random: Random, rows: number): Performance {
  let [sum, squares] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const error = -Math.log(1 - random.next());
    sum += error;
    squares += error * error;
  }
  const value = sum / rows;
  const { low, high } = normalInterval(value, Math.sqrt((squares / rows - value * value) / (rows - 1)), 0);
  return performance('mae', value, low, high, rows);
}

describe.each([
  ['accuracy', accuracy],
  ['mae', absoluteError],
] as const)('a fall of %s that is none', (metric, draw) => {
  const manifest = testManifest('null');
  manifest.retraining.metric = metric;
  test.each([
    [30, 500],
    [30, 5_000],
    [150, 500],
    [150, 5_000],
    [500, 30],
  ])('is seen in a few of a hundred at most: reference of %s rows, window of %s', (before, now) => {
    const random = createRandom(before + now);
    let drops = 0;
    for (let trial = 0; trial < TRIALS; trial++) {
      if (judgeLoss(manifest, draw(random, before), draw(random, now), true) === 'drop') drops++;
    }
    expect(drops / TRIALS).toBeLessThanOrEqual(0.02);
  });
});
