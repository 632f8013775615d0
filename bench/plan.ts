/** How long and how often is measured. */
export interface Plan {
  rounds: number;
  warmUpSeconds: number;
  /** At full load, over `connections`. */
  maximumSeconds: number;
  /** One connection. */
  singleSeconds: number;
  /** At half of the maximum rate. */
  pacedSeconds: number;
  connections: number;
}

/** The plan of the published figures. */
export const FULL: Plan = {
  rounds: 3,
  warmUpSeconds: 3,
  maximumSeconds: 10,
  singleSeconds: 4,
  pacedSeconds: 6,
  connections: 32,
};

/** The plan to try things out with. */
export const QUICK: Plan = {
  rounds: 1,
  warmUpSeconds: 1,
  maximumSeconds: 3,
  singleSeconds: 3,
  pacedSeconds: 3,
  connections: 32,
};

/** The order of a round: each starts with the next one, so that none always runs first or last. */
export function rotate<T>(items: readonly T[], round: number): T[] {
  const start = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
