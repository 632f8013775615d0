import { shown, table } from '../../document/table.js';
import { runMedians } from '../servers/medians.js';
import { latencyMedians } from './figures.js';
import type { LatencyFound } from './measure.js';

/** Latency over one connection, and at half of the maximum rate. */
export function renderLatency({ servers, inference }: LatencyFound): string {
  const rows = servers.map(({ title, rounds }) => {
    const { singleP50Ms, singleP99Ms, pacedRequestsPerSecond, pacedP50Ms, pacedP99Ms } = latencyMedians(rounds);
    const numbers = [singleP50Ms, singleP99Ms, pacedRequestsPerSecond, pacedP50Ms, pacedP99Ms, pacedP99Ms / pacedP50Ms];
    return [title, ...numbers.map(shown)];
  });
  const single = ['one connection: p50 ms', 'p99 ms'];
  const header = ['server', ...single, 'half of the maximum: requests/s', 'p50 ms', 'p99 ms', 'p99/p50'];
  const run = shown(runMedians(inference)[1]! / 1_000);
  return `${table(header, rows)}

One \`session.run\` on one row took ${run} ms meanwhile. The load generator goes before Postgres, with which it shares its
core (when the benchmark runs as root).`;
}
