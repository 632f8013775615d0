/** How long and how often is measured. */
export interface Plan {
  name: 'full' | 'quick';
  /** Each section's measurements are repeated so often, but memory's and overload's. */
  rounds: number;
  connections: number;
  warmUpSeconds: number;
  /** At full load, over `connections`. */
  maximumSeconds: number;
  /** One connection. */
  singleSeconds: number;
  /** At half of the maximum rate; and single rows beside batches, with and without. */
  pacedSeconds: number;
  /** At twice the maximum rate. */
  overloadSeconds: number;
  /** Rows that wait in the spool before Postgres is let back. */
  backlogRows: number;
  /** Memory is read after so many swaps; the last one ends it. */
  swaps: readonly number[];
  /** Memory is read after so many seconds of full load; the last one ends it. */
  fullLoadSeconds: readonly number[];
}

/** The plan of the published figures. */
export const FULL: Plan = {
  name: 'full',
  rounds: 3,
  connections: 32,
  warmUpSeconds: 3,
  maximumSeconds: 10,
  singleSeconds: 5,
  pacedSeconds: 8,
  overloadSeconds: 30,
  backlogRows: 500_000,
  swaps: [5, 50, 100],
  fullLoadSeconds: [120, 360, 600],
};

/** The plan to try things out with. */
export const QUICK: Plan = {
  name: 'quick',
  rounds: 1,
  connections: 32,
  warmUpSeconds: 1,
  maximumSeconds: 3,
  singleSeconds: 3,
  pacedSeconds: 3,
  overloadSeconds: 6,
  backlogRows: 100_000,
  swaps: [5, 10, 20],
  fullLoadSeconds: [5, 10, 20],
};

/** The order of a round: each starts with the next one, so that none always runs first or last. */
export function rotate<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
