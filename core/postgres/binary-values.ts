import type { CopyBytes } from './copy-out.js';

/**
 * Readers of Postgres's binary format (the `…send` functions of its sources: big-endian; an array is its number of
 * dimensions, a flag, the element's type, and of each dimension length and lower bound, then each element with its
 * length, -1 for null).
 */

/** Microseconds since 1970 of a timestamptz, exact until the year 2255. */
export function readTimestamp({ view }: CopyBytes, at: number): number {
  return view.getInt32(at) * 4_294_967_296 + view.getUint32(at + 4) + MICROSECONDS_FROM_1970_TO_2000;
}

const MICROSECONDS_FROM_1970_TO_2000 = Date.UTC(2000) * 1_000;
const ARRAY_HEADER_BYTES = 20;

/** Elements of an array of one dimension; 0 when it is empty. */
function arrayLength(view: DataView, at: number): number {
  return view.getInt32(at) === 0 ? 0 : view.getInt32(at + 12);
}

/** Reads a `double precision[]` into `values`: NaN where an element is null or not there; elements beyond are left out. */
export function readDoubles({ view }: CopyBytes, at: number, values: Float64Array): void {
  const length = Math.min(arrayLength(view, at), values.length);
  let next = at + ARRAY_HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    if (view.getInt32(next) === -1) {
      values[i] = Number.NaN;
      next += 4;
    } else {
      values[i] = view.getFloat64(next + 4);
      next += 12;
    }
  }
  for (let i = length; i < values.length; i++) values[i] = Number.NaN;
}

/** The same for a `real[]`. */
export function readFloats({ view }: CopyBytes, at: number, values: Float64Array): void {
  const length = Math.min(arrayLength(view, at), values.length);
  let next = at + ARRAY_HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    if (view.getInt32(next) === -1) {
      values[i] = Number.NaN;
      next += 4;
    } else {
      values[i] = view.getFloat32(next + 4);
      next += 8;
    }
  }
  for (let i = length; i < values.length; i++) values[i] = Number.NaN;
}

/** Gives the text of UTF-8 bytes. */
export type ReadText = (source: CopyBytes, at: number, length: number) => string;

/** Texts that are remembered: as many as there may be categories, in memory that stays small. */
const REMEMBERED = 4_096;
const LONGEST_REMEMBERED = 64;

/**
 * Makes a reader that remembers texts by their bytes: categories and classes repeat, and a text that was read before costs
 * neither its decoding nor memory.
 */
export function createReadText(): ReadText {
  const slots = new Array<{ bytes: Uint8Array; text: string } | undefined>(REMEMBERED).fill(undefined);
  return ({ bytes }, at, length) => {
    if (length > LONGEST_REMEMBERED) return bytes.toString('utf8', at, at + length);
    let hash = length;
    for (let i = at; i < at + length; i++) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
    const slot = hash & (REMEMBERED - 1);
    const known = slots[slot];
    if (known && holds(known.bytes, bytes, at, length)) return known.text;
    const text = bytes.toString('utf8', at, at + length);
    slots[slot] = { bytes: Uint8Array.from(bytes.subarray(at, at + length)), text };
    return text;
  };
}

function holds(known: Uint8Array, bytes: Buffer, at: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[at + i]) return false;
  return true;
}

/** Reads a `text[]` into `texts`: null where an element is null or not there. */
export function readTexts(source: CopyBytes, at: number, texts: (string | null)[], readText: ReadText): void {
  const { view } = source;
  const length = Math.min(arrayLength(view, at), texts.length);
  let next = at + ARRAY_HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    const bytes = view.getInt32(next);
    texts[i] = bytes === -1 ? null : readText(source, next + 4, bytes);
    next += bytes === -1 ? 4 : 4 + bytes;
  }
  for (let i = length; i < texts.length; i++) texts[i] = null;
}
