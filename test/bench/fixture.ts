import type { BenchResults } from '../../bench/document/results-file.js';
import type { LoadReport } from '../../bench/load/parse-wrk.js';
import type { Round } from '../../bench/measure.js';
import { FULL } from '../../bench/plan.js';
import type { ContestantResult } from '../../bench/results.js';

const load = (requestsPerSecond: number, p50Ms: number, p99Ms: number): LoadReport => ({
  requests: requestsPerSecond * 10,
  requestsPerSecond,
  p50Ms,
  p99Ms,
  maxMs: p99Ms * 2,
  refused: 0,
  socketErrors: 0,
});

/** A round of a server that answers that many requests a second. */
export function roundOf(requestsPerSecond: number, singleP50Ms = 0.1): Round {
  return {
    maximum: load(requestsPerSecond, 2, 5),
    cpuUs: 1e6 / requestsPerSecond,
    othersPercent: 0,
    single: load(1_000, singleP50Ms, 1),
    paced: load(requestsPerSecond / 2, 0.5, 2),
    rssIdleMegabytes: 80,
    rssMegabytes: 120,
  };
}

/** A contestant's result with a round for each rate. */
export function resultOf(name: string, ...rates: number[]): ContestantResult {
  return { name, title: `server ${name}`, rounds: rates.map((rate) => roundOf(rate)) };
}

/** What a run found that measured these. */
export function resultsOf(results: ContestantResult[]): BenchResults {
  return {
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
    results,
    inference: [{ runUs: { 1: 50, 32: 960, 256: 7_000 } }],
  };
}
