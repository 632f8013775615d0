import { to } from 'pg-copy-streams';
import type { Client } from './pool.js';

/**
 * Takes one row of a binary COPY: field i is the bytes [starts[i], starts[i] + lengths[i]) of `buffer`; the length of a
 * null is -1. All three are used again for the next row.
 */
export type OnCopyRow = (buffer: Buffer, starts: Int32Array, lengths: Int32Array) => void;

/** The driver ends its timer of an unanswered query in the query's callback, which this kind of query lacks. */
const NO_CALLBACK = { callback: (): void => undefined };

/** Signature, flags and the length of the header's extension, which is empty. */
const HEADER_BYTES = 19;

/**
 * Reads the rows of a query by `COPY … TO STDOUT` in binary format, several times faster than the driver reads text, and
 * never holds more than a few of them.
 * @param query  a select without parameters; escape values with `client.escapeLiteral`
 * @param fields  how many columns it has
 * @returns the number of rows
 * @throws Error when `onRow` does, after the rest was read: the connection can be used again
 */
export async function copyOut(client: Client, query: string, fields: number, onRow: OnCopyRow): Promise<number> {
  const copy = Object.assign(to(`copy (${query}) to stdout (format binary)`), NO_CALLBACK);
  const stream = client.query(copy);
  const starts = new Int32Array(fields);
  const lengths = new Int32Array(fields);
  let rest: Buffer = Buffer.alloc(0);
  let rows = 0;
  let headerRead = false;
  let failure: unknown;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (failure !== undefined) continue;
      const buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      if (!headerRead) {
        if (buffer.length < HEADER_BYTES) {
          rest = buffer;
          continue;
        }
        at = HEADER_BYTES;
        headerRead = true;
      }
      try {
        for (
          let next = findRow(buffer, at, starts, lengths);
          next !== -1;
          next = findRow(buffer, at, starts, lengths)
        ) {
          onRow(buffer, starts, lengths);
          rows++;
          at = next;
        }
      } catch (error) {
        failure = error;
      }
      rest = buffer.subarray(at);
    }
  } finally {
    stream.callback();
  }
  if (failure !== undefined) throw failure;
  return rows;
}

/** Finds the fields of the row that begins at `at`. @returns where the next one begins, or -1: not all there, or the end */
function findRow(buffer: Buffer, at: number, starts: Int32Array, lengths: Int32Array): number {
  if (buffer.length < at + 2 || buffer.readInt16BE(at) === -1) return -1;
  let next = at + 2;
  for (let field = 0; field < starts.length; field++) {
    if (buffer.length < next + 4) return -1;
    const length = buffer.readInt32BE(next);
    starts[field] = next + 4;
    lengths[field] = length;
    next += length === -1 ? 4 : 4 + length;
  }
  return next <= buffer.length ? next : -1;
}
