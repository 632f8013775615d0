import type { BenchResults, Measured, Stamp } from '../../bench/document/results-file.js';
import type { LoadReport } from '../../bench/load/parse-wrk.js';
import { FULL } from '../../bench/plan.js';
import type { LatencyFound } from '../../bench/sections/latency/measure.js';
import type { ContestantResult, Round, ServersFound } from '../../bench/sections/servers/measure.js';
import type { Disturbance } from '../../bench/servers/meter.js';

/** What a load generator found; p99 is 2.5 times p50. */
export const loadOf = (requestsPerSecond: number, p50Ms: number): LoadReport => ({
  requests: requestsPerSecond * 10,
  requestsPerSecond,
  p50Ms,
  p99Ms: p50Ms * 2.5,
  maxMs: p50Ms * 5,
  refused: 0,
  socketErrors: 0,
});

const quiet: Disturbance = { what: 'a measurement', serverCorePercent: 0, loadCorePercent: 0 };

/** A round of a server that answers that many requests a second. */
export function roundOf(requestsPerSecond: number): Round {
  return {
    maximum: loadOf(requestsPerSecond, 2),
    cpuUs: 1e6 / requestsPerSecond,
    metered: { ...quiet, cpuSeconds: 10, seconds: 10 },
    rssIdleMegabytes: 80,
    rssMegabytes: 120,
    waitingRows: 0,
    exports: 0,
  };
}

/** A contestant's result with a round for each rate. */
export function resultOf(name: string, ...rates: number[]): ContestantResult {
  return { name, title: `server ${name}`, rounds: rates.map(roundOf) };
}

/** A section that measured these. */
export function serversOf(results: ContestantResult[]): ServersFound {
  return { results, inference: [{ runUs: { 1: 50, 32: 960, 256: 7_000 } }] };
}

/** Latencies over one connection, in milliseconds, of the service and of the echo. */
export function latencyOf(ours: number, echo: number): LatencyFound {
  const server = (name: string, p50Ms: number) => ({
    name,
    title: `server ${name}`,
    rounds: [{ single: loadOf(1_000, p50Ms), maximumRequestsPerSecond: 16_000, paced: loadOf(8_000, 0.5) }],
  });
  return { servers: [server('plumbline', ours), server('node-http', echo)], inference: [{ runUs: { 1: 50 } }] };
}

/** When and where the fixtures were measured. */
export const stamp: Stamp = {
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:12:00.000Z',
  loadAverageAtStart: '0.10 0.20 0.30',
  loadAverageAtEnd: '2.00 1.00 0.50',
  machine: {
    processor: 'a processor',
    cores: 2,
    memoryGib: 24,
    system: 'Debian',
    node: 'v20.19.0',
    wrk: 'wrk 4',
    python: 'Python 3',
    commit: 'abc',
  },
  postgres: { version: '18', durability: 'fsync on' },
  packages: { python: ['fastapi==1.0', 'click==1.0'] },
  plan: FULL,
  data: 'rows',
  trees: 700,
};

/** A section as the results file has it. */
export function measuredOf<Found>(found: Found, disturbances: Disturbance[] = [quiet]): Measured<Found> {
  return { stamp, disturbances, found };
}

/** Results of the section that compares servers only. */
export function resultsOf(...results: ContestantResult[]): BenchResults {
  return { servers: measuredOf(serversOf(results)) };
}
