import { atLeast, atMost, type Figure } from '../figure.js';
import { joinStretches } from '../load/timed.js';
import type { Healing } from './heal.js';
import { type HealingPlan, MOST_GROWTH } from './plan.js';
import type { HealingResults } from './results.js';

/** Seconds from the start of the alert to the promotion. */
export function healingSeconds({ timeline }: Healing): number {
  return (timeline.promoted.getTime() - timeline.alert.getTime()) / 1_000;
}

/** Requests that a 99th percentile is judged by: ten of them are slower. */
const FEWEST_REQUESTS = 1_000;

/** 99th percentiles of all requests with the load alone, beside traffic, and beside traffic while commands trained, in milliseconds. */
export interface Growth {
  aloneMs: number;
  trainingMs: number;
  apartMs: number;
  times: number;
  trainingRequests: number;
  apartRequests: number;
  /** Whether the requests during trainings are enough to be judged by. */
  isJudged: boolean;
}

/** By how many times the 99th percentile grew while the command trained, over all loops as one. */
export function p99Growth(loops: readonly Healing[]): Growth {
  const training = joinStretches(loops.map((loop) => loop.training));
  const apart = joinStretches(loops.map((loop) => loop.apart));
  const alone = joinStretches(loops.map((loop) => loop.alone));
  return {
    aloneMs: alone.p99Ms,
    trainingMs: training.p99Ms,
    apartMs: apart.p99Ms,
    times: training.p99Ms / apart.p99Ms,
    trainingRequests: training.requests,
    apartRequests: apart.requests,
    isJudged: training.requests >= FEWEST_REQUESTS,
  };
}

/** The figures of all examples that were measured: the slowest loop, the growth of p99 over all, requests that failed. */
export function healingFigures(results: HealingResults, plans: readonly HealingPlan[]): Figure[] {
  const figures = plans.flatMap(({ example: { name }, mostSeconds, trials }) => {
    const loops = results[name]?.loops ?? [];
    const slowest = loops.length === 0 ? undefined : Math.max(...loops.map(healingSeconds));
    const growth = loops.length === 0 ? undefined : p99Growth(loops);
    // A search ends before its last trial where the manifest's time is over: that would not be what is promised.
    const fewest =
      loops.length === 0 ? undefined : Math.min(...loops.map((loop) => loop.trials.complete + loop.trials.pruned));
    return [
      atMost({ what: `${name}: from alert to promoted model`, wanted: mostSeconds, measured: slowest, unit: 's' }),
      ...(trials === undefined
        ? []
        : [atLeast({ what: `${name}: trials`, wanted: trials, measured: fewest, unit: '' })]),
      atMost({
        what: `${name}: p99 of serving during training`,
        wanted: MOST_GROWTH,
        measured: growth?.isJudged ? growth.times : undefined,
        unit: '×',
      }),
    ];
  });
  const loops = Object.values(results).flatMap((result) => result.loops);
  const failed = loops.length === 0 ? undefined : loops.reduce((sum, loop) => sum + loop.failed, 0);
  return [...figures, atMost({ what: 'requests that failed', wanted: 0, measured: failed, unit: '' })];
}
