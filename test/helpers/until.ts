import { setTimeout as delay } from 'node:timers/promises';

/** Asks again and again until `probe` gives something truthy; throws with `what` at the deadline. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  deadlineMs = 40_000,
): Promise<T> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await delay(25);
  }
  throw new Error(`waited ${deadlineMs} ms for: ${what}; last: ${String(last)}`);
}
