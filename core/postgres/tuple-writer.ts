/*
 * Fields of COPY tuples in binary format (see copy-tuples.ts), each as its type's receive function in Postgres reads it.
 * Written out for speed: this is a part of the cost of every request.
 */

/** Appends tuples of COPY in binary format to a buffer that grows. Fields are written in the order of the columns. */
export interface TupleWriter {
  /** Begins a tuple of so many fields. */
  tuple(fields: number): void;
  null(): void;
  /** A uuid in its usual form. @returns the first 48 bits of it: in a UUID v7 the milliseconds since 1970 */
  uuid(text: string): number;
  /** A timestamptz. @param ms  milliseconds since 1970 */
  timestamp(ms: number): void;
  integer(value: number): void;
  real(value: number): void;
  /** A text or null; a NUL character, which Postgres cannot store, becomes U+FFFD. */
  text(text: string | null): void;
  /** A double precision[] of the numbers [start, end), null for NaN. */
  doubles(from: Float64Array, start: number, end: number): void;
  /** A real[] likewise. */
  reals(from: Float32Array, start: number, end: number): void;
  /** A text[] of the texts [start, end). */
  texts(from: readonly (string | null)[], start: number, end: number): void;
  /** Fields made before, such as those that are the same in every row. */
  raw(bytes: Uint8Array): void;
  /** What was written since the last call. */
  take(): Buffer;
}

const FIRST_BYTES = 16_384;
const KEPT_BYTES = 1_048_576;
/** 2000-01-01, from where Postgres counts microseconds. */
const EPOCH_MS = 946_684_800_000;
const TWO_32 = 2 ** 32;
/** Types of array elements: `oid` in pg_type. */
const TEXT = 25;
const REAL = 700;
const DOUBLE = 701;
const ARRAY_HEAD_BYTES = 20;
/** Up to this length a loop over ASCII beats the call of the encoder. */
const SHORT_TEXT = 64;

const NIBBLES = new Uint8Array(128);
for (let digit = 0; digit < 16; digit++) {
  NIBBLES[digit.toString(16).charCodeAt(0)] = digit;
  NIBBLES[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/** Creates an empty writer. */
export function createTupleWriter(): TupleWriter {
  let bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let view = new DataView(bytes.buffer);
  let at = 0;

  const resize = (size: number): void => {
    const other = Buffer.allocUnsafeSlow(size);
    bytes.copy(other, 0, 0, at);
    bytes = other;
    view = new DataView(bytes.buffer);
  };
  const need = (more: number): void => {
    if (at + more > bytes.length) resize(Math.max(2 * bytes.length, at + more));
  };
  const int32 = (value: number): void => {
    view.setInt32(at, value);
    at += 4;
  };
  const nothing = (): void => {
    need(4);
    int32(-1);
  };
  const text = (value: string | null): void => {
    if (value === null) {
      nothing();
      return;
    }
    need(4 + 3 * value.length);
    const start = at + 4;
    if (value.length <= SHORT_TEXT) {
      let i = 0;
      for (; i < value.length; i++) {
        const code = value.charCodeAt(i);
        if (code === 0 || code > 127) break;
        bytes[start + i] = code;
      }
      if (i === value.length) {
        view.setInt32(at, i);
        at = start + i;
        return;
      }
    }
    const length = bytes.write(value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value, start);
    view.setInt32(at, length);
    at = start + length;
  };
  /** Field length (filled in by `arrayEnd`), dimensions, no flags, element type, size, lower bound. @returns where it begins */
  const arrayBegin = (elementType: number, size: number): number => {
    const start = at;
    at += 4;
    int32(size === 0 ? 0 : 1);
    int32(0);
    int32(elementType);
    if (size > 0) {
      int32(size);
      int32(1);
    }
    return start;
  };
  const arrayEnd = (start: number): void => view.setInt32(start, at - start - 4);

  return {
    tuple: (fields) => {
      need(2);
      view.setInt16(at, fields);
      at += 2;
    },
    null: nothing,
    uuid: (value) => {
      need(20);
      int32(16);
      const start = at;
      for (let i = 0; i < 36; i += 2) {
        if (i === 8 || i === 13 || i === 18 || i === 23) i++;
        bytes[at++] = (NIBBLES[value.charCodeAt(i)]! << 4) | NIBBLES[value.charCodeAt(i + 1)]!;
      }
      return view.getUint16(start) * TWO_32 + view.getUint32(start + 2);
    },
    timestamp: (ms) => {
      need(12);
      int32(8);
      const microseconds = (ms - EPOCH_MS) * 1_000;
      const high = Math.floor(microseconds / TWO_32);
      int32(high);
      view.setUint32(at, microseconds - high * TWO_32);
      at += 4;
    },
    integer: (value) => {
      need(8);
      int32(4);
      int32(value);
    },
    real: (value) => {
      need(8);
      int32(4);
      view.setFloat32(at, value);
      at += 4;
    },
    text,
    doubles: (from, start, end) => {
      need(4 + ARRAY_HEAD_BYTES + 12 * (end - start));
      const field = arrayBegin(DOUBLE, end - start);
      for (let i = start; i < end; i++) {
        const value = from[i]!;
        if (Number.isNaN(value)) int32(-1);
        else {
          view.setInt32(at, 8);
          view.setFloat64(at + 4, value);
          at += 12;
        }
      }
      arrayEnd(field);
    },
    reals: (from, start, end) => {
      need(4 + ARRAY_HEAD_BYTES + 8 * (end - start));
      const field = arrayBegin(REAL, end - start);
      for (let i = start; i < end; i++) {
        const value = from[i]!;
        if (Number.isNaN(value)) int32(-1);
        else {
          view.setInt32(at, 4);
          view.setFloat32(at + 4, value);
          at += 8;
        }
      }
      arrayEnd(field);
    },
    texts: (from, start, end) => {
      need(4 + ARRAY_HEAD_BYTES + 4 * (end - start));
      const field = arrayBegin(TEXT, end - start);
      for (let i = start; i < end; i++) text(from[i] ?? null);
      arrayEnd(field);
    },
    raw: (piece) => {
      need(piece.length);
      bytes.set(piece, at);
      at += piece.length;
    },
    take: () => {
      const taken = Buffer.from(bytes.subarray(0, at));
      at = 0;
      // One large request must not hold its room for ever.
      if (bytes.length > KEPT_BYTES) resize(FIRST_BYTES);
      return taken;
    },
  };
}
