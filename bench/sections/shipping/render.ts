import { shown, table } from '../../document/table.js';
import { atLeast, type Figure } from '../../figure.js';
import { median } from '../../median.js';
import type { ShippingRound } from './measure.js';

const WANTED_ROWS_PER_SECOND = 80_000;

/** How fast a backlog is stored. */
export function shippingFigures(rounds: readonly ShippingRound[]): Figure[] {
  return [
    atLeast({
      what: 'shipping a backlog into Postgres',
      wanted: WANTED_ROWS_PER_SECOND,
      measured: median(rounds.map(({ rowsPerSecond }) => rowsPerSecond)),
      unit: 'rows/s',
    }),
  ];
}

/** Backlogs stored, round by round. */
export function renderShipping(rounds: readonly ShippingRound[]): string {
  const rows = rounds.map((round, i) => {
    const { rowsPerSecond, waitSeconds, seconds, cpuUs, acknowledged, stored } = round;
    return [
      String(i + 1),
      ...[round.rows, rowsPerSecond, waitSeconds, seconds, cpuUs, acknowledged, stored].map(shown),
    ];
  });
  const header = ['round', 'rows that waited', 'rows/s stored', 's until the first was stored', 's until all were'];
  return `${table([...header, 'CPU µs a row, service', 'rows acknowledged', 'rows in Postgres'], rows, [])}

The service is cut off from Postgres and answers requests of many rows, whose rows stay in the spool; then it is let back. Rows/s
count from the first row stored, since it tries again with pauses that grow to two seconds. The rows acknowledged must be
those in Postgres, or the section fails.`;
}
