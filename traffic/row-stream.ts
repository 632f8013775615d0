import { createRandom } from '../core/random.js';
import type { ApplyScenario } from './scenarios/scenario.js';
import type { TestRow } from './test-rows.js';

/** A row as it is sent. */
export interface TrafficRow extends TestRow {
  /** Whether the truth of this row will ever be told. */
  hasOutcome: boolean;
}

/** How the endless stream of rows is made. */
export interface RowStreamOptions {
  rows: TestRow[];
  scenario: ApplyScenario;
  /** Rows that are sent unchanged before the scenario begins. */
  startAfter: number;
  /** Rows over which the scenario grows from nothing to its full size; 0: at once. */
  ramp: number;
  /** Share of rows whose outcome is told, in [0, 1]. */
  outcomesShare: number;
  seed: number;
}

/**
 * The rows in sending order, without end: each pass over the test rows is a new shuffle, so no row comes again before
 * all have come; then the scenario changes the row or leaves it out. The same options give the same stream, however it
 * is cut into batches.
 */
export function* createRowStream(options: RowStreamOptions): Generator<TrafficRow, never> {
  const { rows, scenario, startAfter, ramp, outcomesShare, seed } = options;
  // Three sources, so that the order of rows is the same whatever the scenario and the share of outcomes are.
  const [order, change, outcome] = [0, 1, 2].map((i) => createRandom(seed + i * 0x9e3779b9)) as [
    ReturnType<typeof createRandom>,
    ReturnType<typeof createRandom>,
    ReturnType<typeof createRandom>,
  ];
  let sent = 0;
  for (;;) {
    for (const row of order.shuffle([...rows])) {
      const progress = progressAt(sent, startAfter, ramp);
      const changed = progress === 0 ? row : scenario(row, progress, change);
      if (changed === undefined) continue;
      sent++;
      yield { ...changed, hasOutcome: outcome.next() < outcomesShare };
    }
  }
}

/** How far the scenario has come at a row, 0 to 1: 0 before `startAfter`, then growing evenly over `ramp` rows. */
export function progressAt(index: number, startAfter: number, ramp: number): number {
  if (index < startAfter) return 0;
  return ramp <= 0 ? 1 : Math.min(1, (index - startAfter + 1) / ramp);
}
