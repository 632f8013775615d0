/** How fast a model works, measured while it does. */
export interface Pace {
  /** Takes in one run. */
  ran(seconds: number, rows: number): void;
  /** Milliseconds for one row of a queue; 0 before the first run. */
  msPerRow(): number;
}

/** What a run before the last counts for; with 0.98 about the last fifty runs have a say. */
const MEMORY = 0.98;

/**
 * Creates the pace of a model that has not run. It is the slope of the least-squares line through the origin, sum of
 * seconds * rows over sum of rows squared, older runs counting for less: what a queue costs is what large runs say, and
 * one of them outweighs any number of single rows, of which each pays for a run alone.
 */
export function createPace(): Pace {
  let products = 0;
  let squares = 0;
  return {
    ran: (seconds, rows) => {
      products = MEMORY * products + seconds * rows;
      squares = MEMORY * squares + rows * rows;
    },
    msPerRow: () => (squares === 0 ? 0 : (1_000 * products) / squares),
  };
}
