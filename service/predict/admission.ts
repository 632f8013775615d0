import { OverloadedError } from '../errors.js';

/** Bounds the rows that are accepted and not yet answered, over all models: everything that waits, waits inside it. */
export interface Admission {
  /** Takes room for rows; an idle service takes any number. @throws OverloadedError */
  enter(rows: number): void;
  leave(rows: number): void;
  /** Rows inside now. */
  waiting(): number;
}

/** Creates an empty admission for `maxRows` rows. */
export function createAdmission(maxRows: number): Admission {
  let inside = 0;
  return {
    enter: (rows) => {
      if (inside > 0 && inside + rows > maxRows) throw new OverloadedError(inside);
      inside += rows;
    },
    leave: (rows) => {
      inside -= rows;
    },
    waiting: () => inside,
  };
}
