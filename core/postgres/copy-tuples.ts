import { from } from 'pg-copy-streams';
import type { Client } from './pool.js';

/*
 * COPY in binary format ("COPY", File Formats, Binary Format in the PostgreSQL manual): a head, tuples, a tail. A tuple
 * is the number of its fields (i16) and each field's length (i32, -1 for null) and bytes, all big-endian.
 */

/** Signature, no flags, no extension. */
const HEAD = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TAIL = Buffer.from([0xff, 0xff]);

/**
 * Writes tuples with COPY in binary format. `target` is a table with its columns, such as `t (a, b)`; the types of the
 * fields must be exactly those of the columns. Pieces may end anywhere; they are asked for one after the other, so that
 * making them can be spread over turns of the event loop.
 * @param before  statements (with no parameters, giving no rows) sent in the same message: they and the COPY are one
 *   transaction, in two round trips instead of five, unless the connection is in a transaction already
 */
export async function copyTuples(
  client: Client,
  target: string,
  pieces: AsyncIterable<Buffer>,
  before = '',
): Promise<void> {
  const stream = client.query(from(`${before}${before && ';'}copy ${target} from stdin (format binary)`));
  // `finish` comes once Postgres is ready for the next query, so after the commit. A lost connection may be told twice.
  const finished = new Promise<void>((resolve, reject) => stream.once('finish', resolve).on('error', reject));
  const written = (async () => {
    stream.write(HEAD);
    for await (const piece of pieces) if (!stream.destroyed) stream.write(piece);
    stream.end(TAIL);
  })();
  await Promise.all([finished, written]);
}

const FIELD_COUNT_BYTES = 2;
const LENGTH_BYTES = 4;

/** Where the tuple that begins at `start` ends. @throws RangeError  it does not end within `bytes` */
export function tupleEnd(bytes: Buffer, start: number): number {
  let at = start + FIELD_COUNT_BYTES;
  for (let field = bytes.readInt16BE(start); field > 0; field--) {
    const length = bytes.readInt32BE(at);
    at += LENGTH_BYTES + Math.max(0, length);
  }
  if (at > bytes.length) throw new RangeError(`tupleEnd: the tuple at ${start} ends at ${at} of ${bytes.length} bytes`);
  return at;
}

/** The first field of the tuple that begins at `start`, a uuid, in its usual form. */
export function leadingUuid(bytes: Buffer, start: number): string {
  const at = start + FIELD_COUNT_BYTES + LENGTH_BYTES;
  const hex = bytes.toString('hex', at, at + 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
