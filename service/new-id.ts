import { validate, version } from 'uuid';

const RANDOM_BYTES = 16;
const POOLED_IDS = 256;

/** Ordinary corrections of a clock lie within this; a clock that was wrong goes back further. */
const COUNTED_STEP_MS = 1_000;
/** The counter of a UUID v7 in this layout has 32 bits. */
const LARGEST_SEQ = 0xffffffff;

/**
 * Creates a maker of UUID v7 (RFC 9562): the first 48 bits are the time in milliseconds, then a counter (method 2 of
 * section 6.2), then randomness, which is drawn for 256 ids at a time. Ids ascend within the process as long as the
 * clock goes back by a second at most: over such a step they keep the millisecond reached and count on. After a larger
 * step they follow the clock, so that the time in them is never more than a second ahead of it.
 * @param options.largestSeq  where the counter is full and the next millisecond is begun
 */
export function createNewId(options: {
  now: () => number;
  fillRandom: (bytes: Uint8Array) => void;
  largestSeq?: number;
}): () => string {
  const { now, fillRandom, largestSeq = LARGEST_SEQ } = options;
  const pool = new Uint8Array(RANDOM_BYTES * POOLED_IDS);
  const draws = Array.from({ length: POOLED_IDS }, (_, i) => pool.subarray(i * RANDOM_BYTES, (i + 1) * RANDOM_BYTES));
  let drawn = POOLED_IDS;
  let msecs = Number.NEGATIVE_INFINITY;
  let seq = 0;
  let head = '';
  return () => {
    if (drawn === POOLED_IDS) {
      fillRandom(pool);
      drawn = 0;
    }
    const random = draws[drawn++]!;
    const clock = now();
    if (clock > msecs || msecs - clock > COUNTED_STEP_MS) {
      msecs = clock;
      head = idHead(msecs);
      // Half of the counter's range is left to count in.
      seq = (random[6]! & 0x7f) * 0x1000000 + random[7]! * 0x10000 + random[8]! * 0x100 + random[9]!;
    } else if (++seq > largestSeq) {
      seq = 0;
      head = idHead(++msecs);
    }
    return head + idTail(seq, random);
  };
}

/** Texts of three hex digits: an id is put together from few pieces, being a part of the cost of every request. */
const HEX: readonly string[] = Array.from({ length: 0x1000 }, (_, i) => i.toString(16).padStart(3, '0'));

const VARIANTS = '89ab';

/** The 15 characters of an id that say the millisecond and the version, `xxxxxxxx-xxxx-7`. */
function idHead(msecs: number): string {
  const hex = msecs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
}

/** The other 21: 12 bits of the counter, the variant, 18 bits of the counter, 2 and 5 bytes of randomness. */
function idTail(seq: number, random: Uint8Array): string {
  const middle = 0x8000 | ((seq >>> 6) & 0x3fff);
  const last = ((seq & 0x3f) << 18) | ((random[10]! & 3) << 16) | (random[11]! << 8) | random[12]!;
  const rest = (random[13]! << 16) | (random[14]! << 8) | random[15]!;
  return `${HEX[seq >>> 20]}-${VARIANTS[(middle >>> 12) & 3]}${HEX[middle & 0xfff]}-${HEX[last >>> 12]}${HEX[last & 0xfff]}${HEX[rest >>> 12]}${HEX[rest & 0xfff]}`;
}

/** The time that a UUID v7 holds, in milliseconds since 1970. */
export function idMilliseconds(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Whether a value is a UUID v7, in any letter case. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && validate(value) && version(value) === 7;
}
