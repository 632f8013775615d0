import type { Clock } from './clock.js';

/** How far the sender may fall behind its schedule and still catch up; what is beyond is let go. */
const MOST_BEHIND_MS = 1000;

/**
 * When the next rows are due so that `rate` rows a second go out evenly. After a stall it does not make up for more
 * than one second, so that a service that comes back is not flooded.
 * @param rate  rows a second; Infinity: always at once
 * @returns a function from a number of rows to the time they are due, in milliseconds since 1970
 */
export function createPace(rate: number, clock: Clock): (rows: number) => number {
  let next = clock.now();
  return (rows) => {
    const due = Math.max(next, clock.now() - MOST_BEHIND_MS);
    next = due + (rows / rate) * 1000;
    return due;
  };
}
