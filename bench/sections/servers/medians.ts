import type { InferenceAlone } from '../../floor/session-run.js';
import { median } from '../../median.js';
import type { ContestantResult, Round } from './measure.js';

/** Medians over the rounds. */
export interface Medians {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuUs: number;
  serverCorePercent: number;
  loadCorePercent: number;
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
    serverCorePercent: of((round) => round.metered.serverCorePercent),
    loadCorePercent: of((round) => round.metered.loadCorePercent),
    rssIdleMegabytes: of((round) => round.rssIdleMegabytes),
    rssMegabytes: of((round) => round.rssMegabytes),
    socketErrors: of((round) => round.maximum.socketErrors),
  };
}

/** What onnxruntime alone took: medians over the rounds, in microseconds a run, by rows of the run. */
export function runMedians(rounds: readonly InferenceAlone[]): Record<number, number> {
  const batches = Object.keys(rounds[0]?.runUs ?? {}).map(Number);
  return Object.fromEntries(batches.map((rows) => [rows, median(rounds.map((round) => round.runUs[rows]!))]));
}
