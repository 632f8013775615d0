import { shown, table } from '../../document/table.js';
import { atMost, type Figure } from '../../figure.js';
import { median } from '../../median.js';
import { BATCH_ROWS, type BatchesRound, SINGLE_ROWS_PER_SECOND } from './measure.js';

const WANTED_GROWTH_MS = 10;

/** How much the p99 of single rows grows beside batches. */
export function batchesFigures(rounds: readonly BatchesRound[]): Figure[] {
  return [
    atMost({
      what: `beside batches of ${BATCH_ROWS.toLocaleString('en-US')} rows: growth of the p99 of single rows`,
      wanted: WANTED_GROWTH_MS,
      measured: median(rounds.map(({ alone, beside }) => beside.p99Ms - alone.p99Ms)),
      unit: 'ms',
    }),
  ];
}

/** Single rows with and without batches beside them, round by round. */
export function renderBatches(rounds: readonly BatchesRound[]): string {
  const rows = rounds.map(({ alone, beside, batches }, i) => {
    const rowsPerSecond = (batches.requests * BATCH_ROWS) / batches.seconds;
    const numbers = [alone.p50Ms, alone.p99Ms, beside.p50Ms, beside.p99Ms, beside.p99Ms - alone.p99Ms];
    return [String(i + 1), ...[...numbers, batches.requests, rowsPerSecond].map(shown)];
  });
  const header = ['round', 'alone: p50 ms', 'p99 ms', 'beside batches: p50 ms', 'p99 ms', 'growth of p99 ms'];
  return `${table([...header, 'batches answered', 'rows/s of them'], rows, [])}

${SINGLE_ROWS_PER_SECOND} single rows a second over connections of their own; beside them one client that sends
a batch of ${BATCH_ROWS.toLocaleString('en-US')} rows as soon as the last is answered.`;
}
