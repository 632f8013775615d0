import { composedFloor, figures, runMedians } from '../figures.js';
import { mediansOf } from '../results.js';
import { renderMethod } from './method.js';
import type { BenchResults } from './results-file.js';
import { oneLine, shown, table } from './table.js';

/** The text of docs/benchmarks.md. */
export function renderBenchmarks(results: BenchResults): string {
  const sections = [
    '# Benchmarks',
    'Made by `npm run bench`; not written by hand. Absolute figures move from machine to machine: take them as proportions.',
    ...disturbance(results),
    `## Figures to reach\n\n${figuresTable(results)}`,
    `## One row a request, ${results.plan.connections} connections\n\n${throughputTable(results)}`,
    `## Latency\n\n${latencyTable(results)}`,
    `## Inference alone and the composed floor\n\n${floorTable(results)}`,
    `## Conservation\n\n${storedTable(results)}`,
    renderMethod(results),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Above it, other work on the machine tells in requests/s and latencies. */
const QUIET_PERCENT = 5;

/** Says so when the run was not alone on the machine. */
function disturbance({ results }: BenchResults): string[] {
  const shares = results.flatMap(({ rounds }) => rounds.map(({ othersPercent }) => othersPercent));
  const disturbed = shares.filter((share) => share > QUIET_PERCENT).length;
  if (disturbed === 0) return [];
  return [
    `**This run was disturbed.** In ${disturbed} of ${shares.length} measurements other processes had more than ${QUIET_PERCENT} % of the server's core, in the worst ${shown(Math.max(...shares))} %, and what they had of the other core slowed Postgres and the load. Requests/s, latencies and the ratios made of them are not to be relied on; CPU time a request is less affected. Run it again on an idle machine.`,
  ];
}

function figuresTable({ results, inference }: BenchResults): string {
  const rows = figures(results, inference).map(({ what, wanted, measured, byCpu, atFloor, unit, met }) => [
    what,
    wanted,
    measured === undefined ? 'not measured' : `${shown(measured)} ${unit}`,
    ...[byCpu, atFloor].map((value) => (value === undefined ? '' : `${shown(value)} ${unit}`)),
    met === undefined ? '' : met ? 'met' : '**not met**',
  ]);
  return `${table(['figure', 'wanted', 'measured', 'by CPU time', 'floor by CPU time', ''], rows, [0, 5])}

"Met" is judged by what was measured. "By CPU time" is the same figure from the CPU time a request: what it would be if
each server had its core to itself and waited for nothing. The two part where other work was on the machine, and where a
server waits for Postgres. "Floor by CPU time" is what a server would reach that did nothing besides HTTP, JSON and the
model (the composed floor, below): what is wanted above it is out of reach on this machine with these versions.`;
}

function throughputTable({ results }: BenchResults): string {
  const plumbline = results.find(({ name }) => name === 'plumbline');
  const ours = plumbline && mediansOf(plumbline);
  const rows = results.map((result) => {
    const medians = mediansOf(result);
    if (!medians) return [`${result.title}: FAILED: ${oneLine(result.failure ?? 'no round')}`, ...NOTHING];
    const { requestsPerSecond, p50Ms, p99Ms, cpuUs, rssIdleMegabytes, rssMegabytes } = medians;
    const ratios = ours ? [ours.requestsPerSecond / requestsPerSecond, cpuUs / ours.cpuUs] : [];
    const numbers = [requestsPerSecond, p50Ms, p99Ms, cpuUs, medians.othersPercent, rssIdleMegabytes, rssMegabytes];
    return [result.title + incomplete(result.failure), ...[...numbers, ...ratios].map(shown)];
  });
  return `${table(HEADER, rows)}

The last two columns: how many times as many requests a second Plumbline answers, and how many times as much CPU time a
request takes the other. "Core 0 by others" is the share of the server's core that other processes had meanwhile: where it
is not near 0, requests/s and latencies say more about them than about the server.`;
}

const HEADER = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'core 0 by others %'].concat([
  'RSS MB before',
  'RSS MB after',
  'requests/s ×',
  'CPU ×',
]);
const NOTHING = new Array<string>(HEADER.length - 1).fill('');

function incomplete(failure: string | undefined): string {
  return failure === undefined ? '' : ` (a round failed: ${oneLine(failure)})`;
}

function latencyTable({ results }: BenchResults): string {
  const rows = results.flatMap((result) => {
    const medians = mediansOf(result);
    if (!medians) return [];
    const { singleP50Ms, singleP99Ms, pacedRequestsPerSecond, pacedP50Ms, pacedP99Ms } = medians;
    const numbers = [singleP50Ms, singleP99Ms, pacedRequestsPerSecond, pacedP50Ms, pacedP99Ms, pacedP99Ms / pacedP50Ms];
    return [[result.title, ...numbers.map(shown)]];
  });
  const single = ['one connection: p50 ms', 'p99 ms'];
  return table(['server', ...single, 'half of the maximum: requests/s', 'p50 ms', 'p99 ms', 'p99/p50'], rows);
}

function floorTable({ results, inference }: BenchResults): string {
  const runUs = runMedians(inference);
  const rows = Object.entries(runUs).map(([batch, us]) => [batch, shown(us), shown((Number(batch) / us) * 1e6)]);
  const text = table(['rows of a `session.run`', 'µs a run', 'rows/s'], rows, []);
  const echo = results.find(({ name }) => name === 'node-http');
  const rate = echo && mediansOf(echo)?.requestsPerSecond;
  if (rate === undefined || runUs[32] === undefined) return text;
  const floor = shown(composedFloor(rate, runUs));
  const sum = `1 / (${shown(1e6 / rate)} µs a request of the echo + ${shown(runUs[32] / 32)} µs a row of a run on 32)`;
  return `${text}\n\nComposed floor: ${sum} = **${floor} requests/s**.`;
}

function storedTable({ results }: BenchResults): string {
  const rows = results.flatMap(({ title, rounds }) =>
    rounds.flatMap(({ stored }, i) =>
      stored ? [[title, ...[i + 1, stored.answered, stored.stored, stored.cutOff].map(shown)]] : [],
    ),
  );
  if (rows.length === 0) return 'No server that stores its predictions was measured.';
  return `${table(['server', 'round', 'answered', 'rows stored', 'cut off at most'], rows)}

wrk ends a run without waiting for the requests under way: each may have been stored without being counted as answered.
A server with fewer rows than answers, more than these, or one answer that is not 2xx is reported as failed.`;
}
