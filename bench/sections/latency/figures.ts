import { atMost, type Figure } from '../../figure.js';
import { median } from '../../median.js';
import { runMedians } from '../servers/medians.js';
import type { LatencyFound, LatencyRound } from './measure.js';

const WANTED_SINGLE = 1.3;
const WANTED_PACED = 5;

/** Medians over the rounds of one server. */
export interface LatencyMedians {
  singleP50Ms: number;
  singleP99Ms: number;
  pacedRequestsPerSecond: number;
  pacedP50Ms: number;
  pacedP99Ms: number;
}

/** The medians of a server's rounds. @throws RangeError when there is none */
export function latencyMedians(rounds: readonly LatencyRound[]): LatencyMedians {
  const of = (pick: (round: LatencyRound) => number): number => median(rounds.map(pick));
  return {
    singleP50Ms: of(({ single }) => single.p50Ms),
    singleP99Ms: of(({ single }) => single.p99Ms),
    pacedRequestsPerSecond: of(({ paced }) => paced.requestsPerSecond),
    pacedP50Ms: of(({ paced }) => paced.p50Ms),
    pacedP99Ms: of(({ paced }) => paced.p99Ms),
  };
}

/** Latency over one connection against echo and model alone, and the spread at half of the maximum rate. */
export function latencyFigures({ servers, inference }: LatencyFound): Figure[] {
  const of = (wanted: string): LatencyMedians => latencyMedians(servers.find(({ name }) => name === wanted)!.rounds);
  const [ours, echo] = [of('plumbline'), of('node-http')];
  return [
    atMost({
      what: 'one connection: p50 against bare echo + one `session.run`',
      wanted: WANTED_SINGLE,
      measured: ours.singleP50Ms / (echo.singleP50Ms + runMedians(inference)[1]! / 1_000),
      unit: '×',
    }),
    atMost({
      what: 'half of the maximum rate: p99 against p50',
      wanted: WANTED_PACED,
      measured: ours.pacedP99Ms / ours.pacedP50Ms,
      unit: '×',
    }),
  ];
}
