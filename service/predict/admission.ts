import { OverloadedError } from '../errors.js';

/** Bounds what is accepted and not yet answered, over all models, in rows and in time: everything that waits, waits inside it. */
export interface Admission {
  /**
   * Takes room for the rows of one request.
   * @param msPerRow  what a row of its model takes
   * @returns what gives the room back; to be called once
   * @throws OverloadedError
   */
  enter(rows: number, msPerRow: number): () => void;
  /** Rows inside now. */
  waiting(): number;
  /** Milliseconds that a large request would wait for those inside, by what their rows take. */
  waitMs(): number;
}

/** Requests up to this size are small. They take part in the next run whatever waits, so only small ones stand before them. */
const SMALL_ROWS = 16;
/** The part of the rows that small requests have to themselves. */
const KEPT = 1 / 8;

interface Queue {
  rows: number;
  ms: number;
}

/**
 * Creates an empty admission. A request is refused when those that stand before it take longer than `maxWaitMs`, or when
 * the rows inside would be more than `maxRows`; a large one is taken whatever its size when no other large one is inside.
 */
export function createAdmission(limits: { maxRows: number; maxWaitMs: number }): Admission {
  const { maxRows, maxWaitMs } = limits;
  const small: Queue = { rows: 0, ms: 0 };
  const large: Queue = { rows: 0, ms: 0 };
  const inside = (): number => small.rows + large.rows;
  const waitMs = (): number => small.ms + large.ms;

  const assertRoom = (rows: number, isSmall: boolean): void => {
    const aheadMs = isSmall ? small.ms : waitMs();
    const before = isSmall ? small : large;
    if (before.rows === 0) return;
    if (aheadMs > maxWaitMs) {
      const message = `those that wait already take about ${Math.round(aheadMs)} ms`;
      throw new OverloadedError(message, Math.max(1, Math.ceil(aheadMs / 1_000)));
    }
    const kept = Math.ceil(maxRows * KEPT);
    const fits = isSmall ? inside() + rows <= maxRows || small.rows + rows <= kept : inside() + rows <= maxRows - kept;
    if (!fits) throw new OverloadedError(`${inside()} rows are waiting already`);
  };
  return {
    enter: (rows, msPerRow) => {
      const isSmall = rows <= SMALL_ROWS;
      assertRoom(rows, isSmall);
      const queue = isSmall ? small : large;
      const ms = rows * msPerRow;
      queue.rows += rows;
      queue.ms += ms;
      return () => {
        queue.rows -= rows;
        // Sums of fractions do not come back to zero by themselves.
        queue.ms = queue.rows === 0 ? 0 : queue.ms - ms;
      };
    },
    waiting: inside,
    waitMs,
  };
}
