import { shown, table } from '../../document/table.js';
import { atLeast, type Figure } from '../../figure.js';
import { median } from '../../median.js';
import type { TracingFound, TracingVariant } from './measure.js';

const WANTED_PERCENT = 90;

/** Throughput with everything on against neither. */
export function tracingFigures({ variants }: TracingFound): Figure[] {
  const [on, , off] = variants;
  const traced = on!.rounds.every(({ exports }) => exports > 0);
  return [
    atLeast({
      what: 'requests/s with metrics and tracing at 1 % against neither',
      wanted: WANTED_PERCENT,
      measured: traced ? (100 * requestsPerSecond(on!)) / requestsPerSecond(off!) : undefined,
      byCpu: traced ? (100 * cpuUs(off!)) / cpuUs(on!) : undefined,
      unit: '%',
    }),
  ];
}

/** The three variants side by side. */
export function renderTracing({ variants }: TracingFound): string {
  const off = variants.at(-1)!;
  const rows = variants.map((variant) => {
    const exports = variant.rounds.reduce((sum, round) => sum + round.exports, 0);
    const share = (100 * requestsPerSecond(variant)) / requestsPerSecond(off);
    const byCpu = (100 * cpuUs(off)) / cpuUs(variant);
    return [variant.title, ...[requestsPerSecond(variant), cpuUs(variant), share, byCpu, exports].map(shown)];
  });
  const header = [
    'the service with',
    'requests/s',
    'CPU µs/request',
    '% of the last',
    '% by CPU time',
    'exports of traces',
  ];
  return `${table(header, rows)}

Metrics are taken out by a module that is loaded before the service (\`bench/sections/tracing/without-metrics.ts\`): it has no setting for that.
Where the first line has no exports, the service was not traced, and the figure is not measured.`;
}

function requestsPerSecond({ rounds }: TracingVariant): number {
  return median(rounds.map((round) => round.requestsPerSecond));
}

function cpuUs({ rounds }: TracingVariant): number {
  return median(rounds.map((round) => round.cpuUs));
}
