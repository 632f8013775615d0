import { atLeast, atMost, type Figure } from '../figure.js';
import { median } from '../median.js';
import type { Healing } from './heal.js';
import { type HealingPlan, MOST_GROWTH } from './plan.js';
import type { HealingResults } from './results.js';

/** Seconds from the start of the alert to the promotion. */
export function healingSeconds({ timeline }: Healing): number {
  return (timeline.promoted.getTime() - timeline.alert.getTime()) / 1_000;
}

/** By how many times the 99th percentile grew while the command trained, against the mean of that before and after. */
export function p99Growth({ before, after, training }: Healing): number {
  return (2 * training.p99Ms) / (before.p99Ms + after.p99Ms);
}

/** The figures of all examples that were measured: the slowest loop, the median growth, requests that failed. */
export function healingFigures(results: HealingResults, plans: readonly HealingPlan[]): Figure[] {
  const figures = plans.flatMap(({ example: { name }, mostSeconds, trials }) => {
    const loops = results[name]?.loops ?? [];
    const slowest = loops.length === 0 ? undefined : Math.max(...loops.map(healingSeconds));
    const growth = loops.length === 0 ? undefined : median(loops.map(p99Growth));
    // A search ends before its last trial where the manifest's time is over: that would not be what is promised.
    const fewest =
      loops.length === 0 ? undefined : Math.min(...loops.map((loop) => loop.trials.complete + loop.trials.pruned));
    return [
      atMost({ what: `${name}: from alert to promoted model`, wanted: mostSeconds, measured: slowest, unit: 's' }),
      ...(trials === undefined
        ? []
        : [atLeast({ what: `${name}: trials`, wanted: trials, measured: fewest, unit: '' })]),
      atMost({ what: `${name}: p99 of serving during training`, wanted: MOST_GROWTH, measured: growth, unit: '×' }),
    ];
  });
  const loops = Object.values(results).flatMap((result) => result.loops);
  const failed = loops.length === 0 ? undefined : loops.reduce((sum, loop) => sum + loop.failed, 0);
  return [...figures, atMost({ what: 'requests that failed', wanted: 0, measured: failed, unit: '' })];
}
