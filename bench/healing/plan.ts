import { carPurchase } from '../../examples/car-purchase/example.js';
import { kickstarter } from '../../examples/kickstarter/example.js';
import type { Example } from '../../examples/shared/example.js';

/** An example whose world is changed, and how long its healing may take. */
export interface HealingPlan {
  /** `referenceShare` decides how many of the publisher's rows the champion knows. */
  example: Example;
  /** Most rows to take of the publisher's file; all of them when left out. */
  rows?: number;
  /** Written into the manifest once the champion is trained: labelled rows to wait for and to take at most, and `training.trials`. */
  recentRows?: number;
  trials?: number;
  /** Rows of a window of the monitor, in place of the manifest's minutes. */
  windowRows: number;
  /** Rows a second that are sent with outcomes while the world moves. */
  rowsPerSecond: number;
  /** Stretches without a training: of the steady load alone, and beside the traffic after the promotion. */
  quietSeconds: number;
  /** Times it is done from nothing. */
  loops: number;
  /** From the start of the alert to the promotion. */
  mostSeconds: number;
}

/** Single-row requests a second, from before the change until after the promotion. */
export const REQUESTS_PER_SECOND = 200;
/** What the 99th percentile of the latency may grow by while a challenger is trained. */
export const MOST_GROWTH = 2;

const CAR: HealingPlan = {
  example: carPurchase,
  windowRows: 900,
  rowsPerSecond: 400,
  quietSeconds: 30,
  // A training lasts a second or two: fewer would have too few requests for a 99th percentile.
  loops: 5,
  mostSeconds: 60,
};
const KICKSTARTER: HealingPlan = {
  // Three quarters of these are learned: with the recent rows, about as many as the publisher's file has.
  example: { ...kickstarter, referenceShare: 0.95 },
  recentRows: 9_000,
  trials: 20,
  windowRows: 12_000,
  rowsPerSecond: 1_000,
  quietSeconds: 45,
  loops: 1,
  mostSeconds: 300,
};

/** What is published. */
export const FULL: readonly HealingPlan[] = [CAR, KICKSTARTER];
/** To see that it works. */
export const QUICK: readonly HealingPlan[] = [
  { ...CAR, quietSeconds: 5, loops: 1 },
  { ...KICKSTARTER, rows: 5_000, recentRows: 1_500, trials: 5, windowRows: 2_000, quietSeconds: 5 },
];
