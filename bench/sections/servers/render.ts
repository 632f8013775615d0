import { oneLine, shown, table } from '../../document/table.js';
import { composedFloor } from './figures.js';
import type { ServersFound } from './measure.js';
import { mediansOf, runMedians } from './medians.js';

/** All servers side by side, the composed floor, and what was stored. */
export function renderServers(found: ServersFound): string {
  return [
    throughputTable(found),
    tracesLine(found),
    `### Inference alone and the composed floor\n\n${floorTable(found)}`,
    `### Conservation\n\n${storedTable(found)}`,
  ].join('\n\n');
}

const HEADER = ['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request'].concat([
  'others on core 0 %',
  'on core 1 %',
  'RSS MB before',
  'RSS MB after',
  'requests/s ×',
  'CPU ×',
]);
const NOTHING = new Array<string>(HEADER.length - 1).fill('');

function throughputTable({ results }: ServersFound): string {
  const plumbline = results.find(({ name }) => name === 'plumbline');
  const ours = plumbline && mediansOf(plumbline);
  const rows = results.map((result) => {
    const medians = mediansOf(result);
    if (!medians) return [`${result.title}: FAILED: ${oneLine(result.failure ?? 'no round')}`, ...NOTHING];
    const { requestsPerSecond, p50Ms, p99Ms, cpuUs, rssIdleMegabytes, rssMegabytes } = medians;
    const ratios = ours ? [ours.requestsPerSecond / requestsPerSecond, cpuUs / ours.cpuUs] : [];
    const others = [medians.serverCorePercent, medians.loadCorePercent];
    const numbers = [requestsPerSecond, p50Ms, p99Ms, cpuUs, ...others, rssIdleMegabytes, rssMegabytes];
    return [result.title + incomplete(result.failure), ...[...numbers, ...ratios].map(shown)];
  });
  return `${table(HEADER, rows)}

The last two columns: how many times as many requests a second Plumbline answers, and how many times as much CPU time a
request takes the other. "Others" is what processes that have nothing to do with the benchmark had of the server's core,
and of the one that load and Postgres share: where it is not near 0, requests/s and latencies say more about them than
about the server.`;
}

function incomplete(failure: string | undefined): string {
  return failure === undefined ? '' : ` (a round failed: ${oneLine(failure)})`;
}

/** Whether the service was traced, as it is said to be. */
function tracesLine({ results }: ServersFound): string {
  const rounds = results.find(({ name }) => name === 'plumbline')?.rounds ?? [];
  if (rounds.length === 0) return 'Plumbline was not measured.';
  const exports = rounds.reduce((sum, round) => sum + round.exports, 0);
  return exports > 0
    ? `Plumbline sent ${shown(exports)} exports of traces to the collector.`
    : '**Plumbline sent no traces: it ran without tracing.**';
}

function floorTable({ results, inference }: ServersFound): string {
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

function storedTable({ results }: ServersFound): string {
  const rows = results.flatMap(({ title, rounds }) =>
    rounds.flatMap(({ stored, waitingRows }, i) =>
      stored ? [[title, ...[i + 1, stored.answered, stored.stored, stored.cutOff, waitingRows].map(shown)]] : [],
    ),
  );
  if (rows.length === 0) return 'No server that stores its predictions was measured.';
  return `${table(['server', 'round', 'answered', 'rows stored', 'cut off at most', 'not stored yet at the end of the load'], rows)}

wrk ends a run without waiting for the requests under way: each may have been stored without being counted as answered.
A server with fewer rows than answers, more than these, or one answer that is not 2xx is reported as failed. Rows that were not stored yet when the load ended cost the server CPU time that is not in the
table above; a tenth of a second's rows are usual.`;
}
