import { shown, table } from '../../document/table.js';
import { atLeast, type Figure } from '../../figure.js';
import { OVERLOAD_ROWS, type OverloadFound } from './measure.js';

const REFUSALS = ['429', '503'];

/** Requests of the overload by what became of them. */
function outcomes({ report }: OverloadFound): { answered: number; refused: number; other: number } {
  const sum = (wanted: (status: string) => boolean): number =>
    Object.entries(report.statuses).reduce((total, [status, n]) => total + (wanted(status) ? n : 0), 0);
  const answered = sum((status) => status.startsWith('2'));
  const refused = sum((status) => REFUSALS.includes(status));
  return { answered, refused, other: report.due - answered - refused };
}

/** Every request gets an answer or a refusal; how long the accepted ones take and what memory does stands in the table. */
export function overloadFigures(found: OverloadFound): Figure[] {
  const { answered, refused } = outcomes(found);
  return [
    atLeast({
      what: 'twice the maximum rate: requests that were answered or refused with 429 or 503',
      wanted: 100,
      measured: (100 * (answered + refused)) / found.report.due,
      unit: '%',
    }),
  ];
}

/** What became of the requests, how long they took, and memory. */
export function renderOverload(found: OverloadFound): string {
  const { report, maximumRequestsPerSecond, offeredRequestsPerSecond } = found;
  const { answered, refused, other } = outcomes(found);
  const optional = (value: number | null | undefined): string => (value == null ? 'none' : shown(value));
  const rows: [string, string][] = [
    [`maximum: requests/s of ${OVERLOAD_ROWS} rows`, shown(maximumRequestsPerSecond)],
    ['offered requests/s', shown(offeredRequestsPerSecond)],
    ['offered', shown(report.due)],
    ['answered', shown(answered)],
    ['refused with 429 or 503', shown(refused)],
    ['anything else: other status, connection lost, no answer', shown(other)],
    [
      'by status',
      Object.entries(report.statuses)
        .map(([status, n]) => `${status}: ${shown(n)}`)
        .join(', '),
    ],
    ['connections lost; without an answer', `${report.lost}; ${report.unanswered}`],
    ['answered a second', shown(answered / report.seconds)],
    ['accepted: p50; p99; longest, ms', latencies(report.accepted)],
    ['accepted: p99 of each third of the time, ms', report.thirdsP99Ms.map(optional).join('; ')],
    ['refused: p50; p99; longest, ms', latencies(report.refused)],
    ['connections open at the end', shown(report.connections)],
    [
      'RSS MB before; after a third; at the end',
      [found.rssBeforeMegabytes, found.rssThirdMegabytes, found.rssEndMegabytes].map(shown).join('; '),
    ],
    ['s until nothing waited any more', shown(found.drainSeconds)],
    ['requests/s at full load afterwards', shown(found.afterRequestsPerSecond)],
  ];
  return `${table(['', ''], rows)}

Requests of ${OVERLOAD_ROWS} rows, so that one core can send twice as many as the other can answer. They are sent at even
intervals whether or not earlier ones are answered, over as many connections as that takes; latency counts from the instant a
request was due.`;
}

function latencies(of: { p50Ms: number; p99Ms: number; maxMs: number } | undefined): string {
  return of ? [of.p50Ms, of.p99Ms, of.maxMs].map(shown).join('; ') : 'none';
}
