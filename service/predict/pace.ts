/** How many rows a run of a model may have, learnt from how long its runs took. */
export interface Pace {
  /** Rows of the next run at most. */
  rows(): number;
  /** Tells how long a run of so many rows took. */
  took(seconds: number, rows: number): void;
}

/** A slower run moves the estimate by this share of the difference: it may have waited for other work on the core. */
const SLOWER_WEIGHT = 1 / 16;
const FASTER_WEIGHT = 1 / 2;

/**
 * Rows that a run may have however long it takes: of a model whose runs cost a lot whatever their rows, one row a run
 * would never show that more cost no more.
 */
const LEAST_ROWS = 16;

/**
 * Creates a pace for runs of about `runMs` milliseconds and `mostRows` rows at most. The time per row is estimated from all
 * runs, those of few rows too: their fixed cost makes the estimate too long at first, and the longer runs that follow
 * correct it. Until the first run it allows `mostRows`.
 */
export function createPace(runMs: number, mostRows: number): Pace {
  let rowSeconds = 0;
  return {
    rows: () => {
      if (rowSeconds === 0) return mostRows;
      return Math.min(mostRows, Math.max(LEAST_ROWS, Math.floor(runMs / 1_000 / rowSeconds)));
    },
    took: (seconds, rows) => {
      const measured = seconds / rows;
      if (rowSeconds === 0) rowSeconds = measured;
      else rowSeconds += (measured - rowSeconds) * (measured < rowSeconds ? FASTER_WEIGHT : SLOWER_WEIGHT);
    },
  };
}
