/**
 * Readers of Postgres's binary format (the `…send` functions of its sources: big-endian; an array is its number of
 * dimensions, a flag, the element's type, and of each dimension length and lower bound, then each element with its
 * length, -1 for null).
 */

/** Microseconds since 1970 of a timestamptz, exact until the year 2255. */
export function readTimestamp(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) * 4_294_967_296 + buffer.readUInt32BE(at + 4) + MICROSECONDS_FROM_1970_TO_2000;
}

const MICROSECONDS_FROM_1970_TO_2000 = Date.UTC(2000) * 1_000;
const ARRAY_HEADER_BYTES = 20;

/** Elements of an array of one dimension; 0 when it is empty. */
function arrayLength(buffer: Buffer, at: number): number {
  return buffer.readInt32BE(at) === 0 ? 0 : buffer.readInt32BE(at + 12);
}

/** Reads a `double precision[]` into `values`: NaN where an element is null or not there; elements beyond are left out. */
export function readDoubles(buffer: Buffer, at: number, values: Float64Array): void {
  const length = Math.min(arrayLength(buffer, at), values.length);
  let next = at + ARRAY_HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    if (buffer.readInt32BE(next) === -1) {
      values[i] = Number.NaN;
      next += 4;
    } else {
      values[i] = buffer.readDoubleBE(next + 4);
      next += 12;
    }
  }
  values.fill(Number.NaN, length);
}

/** The same for a `real[]`. */
export function readFloats(buffer: Buffer, at: number, values: Float64Array): void {
  const length = Math.min(arrayLength(buffer, at), values.length);
  let next = at + ARRAY_HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    if (buffer.readInt32BE(next) === -1) {
      values[i] = Number.NaN;
      next += 4;
    } else {
      values[i] = buffer.readFloatBE(next + 4);
      next += 8;
    }
  }
  values.fill(Number.NaN, length);
}

/** Reads a `text[]` into `texts`: null where an element is null or not there. */
export function readTexts(buffer: Buffer, at: number, texts: (string | null)[]): void {
  const length = Math.min(arrayLength(buffer, at), texts.length);
  let next = at + ARRAY_HEADER_BYTES;
  for (let i = 0; i < length; i++) {
    const bytes = buffer.readInt32BE(next);
    texts[i] = bytes === -1 ? null : buffer.toString('utf8', next + 4, next + 4 + bytes);
    next += bytes === -1 ? 4 : 4 + bytes;
  }
  texts.fill(null, length);
}
