/** What a row takes a model that has a queue before it, measured while it works. */
export interface RowTime {
  /** Takes in one run. */
  ran(seconds: number, rows: number): void;
  /** Milliseconds a row; 0 before the first run. */
  msPerRow(): number;
}

/** What a run before the last counts for; with 0.98 about the last fifty runs have a say. */
const MEMORY = 0.98;

/**
 * Creates the measurement for a model that has not run: the slope of the least-squares line through the origin, sum of
 * seconds * rows over sum of rows squared, older runs counting for less. What a queue costs is what large runs say, and
 * one of them outweighs any number of single rows, each of which pays for a run alone. Work around the runs (reading,
 * writing) is not in it, so the time is too short where a model is quicker than that.
 */
export function createRowTime(): RowTime {
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
