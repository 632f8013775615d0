import { ServiceError } from '../errors.js';

/** Runs work when its turn comes. @throws ServiceError 503 when too many wait already */
export type TakeTurn = <T>(work: () => Promise<T>) => Promise<T>;

/** Lets `running` pieces of work run at a time and `waiting` more wait, first come, first served. */
export function createTurns({ running, waiting }: { running: number; waiting: number }): TakeTurn {
  let active = 0;
  const queue: (() => void)[] = [];
  const enter = async (): Promise<void> => {
    if (active < running) {
      active++;
      return;
    }
    if (queue.length >= waiting) {
      const message = `${queue.length} requests with outcomes are waiting already; try again a little later`;
      throw new ServiceError(503, 'overloaded', message, { retryAfterSeconds: 1 });
    }
    await new Promise<void>((resolve) => queue.push(resolve));
  };
  // Whoever leaves hands the place on to the next in line.
  const leave = (): void => {
    const next = queue.shift();
    if (next) next();
    else active--;
  };
  return async (work) => {
    await enter();
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
