import { v7, validate, version } from 'uuid';

const RANDOM_BYTES = 16;
const POOLED_IDS = 256;

/**
 * Creates a maker of UUID v7 (RFC 9562): the first 48 bits are the time in milliseconds, then a counter that keeps ids
 * ascending within the process (method 2 of section 6.2), then randomness, which is drawn for 256 ids at a time.
 */
export function createNewId(options: { now: () => number; fillRandom: (bytes: Uint8Array) => void }): () => string {
  const pool = new Uint8Array(RANDOM_BYTES * POOLED_IDS);
  const draws = Array.from({ length: POOLED_IDS }, (_, i) => pool.subarray(i * RANDOM_BYTES, (i + 1) * RANDOM_BYTES));
  let drawn = POOLED_IDS;
  let msecs = Number.NEGATIVE_INFINITY;
  let seq = 0;
  return () => {
    if (drawn === POOLED_IDS) {
      options.fillRandom(pool);
      drawn = 0;
    }
    const random = draws[drawn++]!;
    const now = options.now();
    if (now > msecs) {
      msecs = now;
      // Half of the counter's range is left to count in.
      seq = (random[6]! & 0x7f) * 0x1000000 + random[7]! * 0x10000 + random[8]! * 0x100 + random[9]!;
    } else if (++seq > 0xffffffff) {
      seq = 0;
      msecs++;
    }
    return v7({ msecs, seq, random });
  };
}

/** The time that a UUID v7 holds, in milliseconds since 1970. */
export function idMilliseconds(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Whether a value is a UUID v7, in any letter case. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && validate(value) && version(value) === 7;
}
