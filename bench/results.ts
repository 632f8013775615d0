import type { Round } from './measure.js';
import { median } from './median.js';

/** A contestant's rounds, or why there are none. */
export interface ContestantResult {
  name: string;
  title: string;
  rounds: Round[];
  /** Why it was not measured, or not in every round. */
  failure?: string;
}

/** Medians over the rounds. */
export interface Medians {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuUs: number;
  othersPercent: number;
  singleP50Ms: number;
  singleP99Ms: number;
  pacedRequestsPerSecond: number;
  pacedP50Ms: number;
  pacedP99Ms: number;
  rssIdleMegabytes: number;
  rssMegabytes: number;
  socketErrors: number;
}

/** The medians of a contestant; undefined when no round of it was measured. */
export function mediansOf({ rounds }: ContestantResult): Medians | undefined {
  if (rounds.length === 0) return undefined;
  const of = (pick: (round: Round) => number): number => median(rounds.map(pick));
  return {
    requestsPerSecond: of((round) => round.maximum.requestsPerSecond),
    p50Ms: of((round) => round.maximum.p50Ms),
    p99Ms: of((round) => round.maximum.p99Ms),
    cpuUs: of((round) => round.cpuUs),
    othersPercent: of((round) => round.othersPercent),
    singleP50Ms: of((round) => round.single.p50Ms),
    singleP99Ms: of((round) => round.single.p99Ms),
    pacedRequestsPerSecond: of((round) => round.paced.requestsPerSecond),
    pacedP50Ms: of((round) => round.paced.p50Ms),
    pacedP99Ms: of((round) => round.paced.p99Ms),
    rssIdleMegabytes: of((round) => round.rssIdleMegabytes),
    rssMegabytes: of((round) => round.rssMegabytes),
    socketErrors: of((round) => round.maximum.socketErrors),
  };
}
