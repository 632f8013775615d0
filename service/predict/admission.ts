import { OverloadedError } from '../errors.js';

/** Bounds what is accepted and not yet answered, over all models, in rows and in time: everything that waits, waits inside it. */
export interface Admission {
  /** Refuses what need not even be read: a large body while large requests wait for too long. @throws OverloadedError */
  assertOpen(bytes: number): void;
  /**
   * Takes room for the rows of one request.
   * @param msPerRow  what the runs of its model take for a row
   * @returns what gives the room back; to be called once
   * @throws OverloadedError
   */
  enter(rows: number, msPerRow: number): () => void;
  /** Rows inside now. */
  waiting(): number;
  /** Milliseconds that a large request would wait for those inside, as far as is known. */
  waitMs(): number;
}

/** Requests up to this size are small. They take part in the next run whatever waits, so only small ones stand before them. */
const SMALL_ROWS = 16;
/** A body of a small request is hardly ever larger. */
const SMALL_BYTES = 64 * 1024;
/** The part of the rows that small requests have to themselves. */
const KEPT = 1 / 8;
/** What a large request counts for in the measured cost when the next one leaves: about the last fifty have a say. */
const MEMORY = 0.98;

interface Queue {
  rows: number;
  /** What the runs of these rows take. */
  ms: number;
}

/**
 * Creates an empty admission. A request is refused when those that stand before it take longer than `maxWaitMs`, or when
 * the rows inside would be more than `maxRows`; a large one is taken whatever its size when no other large one is inside.
 *
 * A large request costs more than its runs: its rows are checked, stored and written too, and others have their share of
 * the processor. So its time is that of its runs times what large requests took, from one leaving to the next while any
 * was inside, over what their runs took.
 * @param limits.now  milliseconds of a clock that never jumps
 */
export function createAdmission(limits: { maxRows: number; maxWaitMs: number; now?: () => number }): Admission {
  const { maxRows, maxWaitMs, now = () => performance.now() } = limits;
  const small: Queue = { rows: 0, ms: 0 };
  const large: Queue = { rows: 0, ms: 0 };
  let busySince = 0;
  const left = { busyMs: 0, runMs: 0 };
  const inside = (): number => small.rows + large.rows;
  const waitMs = (): number => small.ms + large.ms * (left.runMs > 0 ? left.busyMs / left.runMs : 1);

  const assertTime = (aheadMs: number): void => {
    if (aheadMs <= maxWaitMs) return;
    const message = `those that wait already take about ${Math.round(aheadMs)} ms`;
    throw new OverloadedError(message, Math.max(1, Math.ceil(aheadMs / 1_000)));
  };
  const assertRoom = (rows: number, isSmall: boolean): void => {
    if ((isSmall ? small : large).rows === 0) return;
    assertTime(isSmall ? small.ms : waitMs());
    const kept = Math.ceil(maxRows * KEPT);
    const fits = isSmall ? inside() + rows <= maxRows || small.rows + rows <= kept : inside() + rows <= maxRows - kept;
    if (!fits) throw new OverloadedError(`${inside()} rows are waiting already`);
  };
  const leaveLarge = (ms: number): void => {
    const at = now();
    left.busyMs = MEMORY * left.busyMs + (at - busySince);
    left.runMs = MEMORY * left.runMs + ms;
    busySince = at;
  };
  return {
    assertOpen: (bytes) => {
      if (bytes > SMALL_BYTES && large.rows > 0) assertTime(waitMs());
    },
    enter: (rows, msPerRow) => {
      const isSmall = rows <= SMALL_ROWS;
      assertRoom(rows, isSmall);
      const queue = isSmall ? small : large;
      const ms = rows * msPerRow;
      if (!isSmall && queue.rows === 0) busySince = now();
      queue.rows += rows;
      queue.ms += ms;
      return () => {
        queue.rows -= rows;
        // Sums of fractions do not come back to zero by themselves.
        queue.ms = queue.rows === 0 ? 0 : queue.ms - ms;
        if (!isSmall && ms > 0) leaveLarge(ms);
      };
    },
    waiting: inside,
    waitMs,
  };
}
