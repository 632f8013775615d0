import { crc32 } from 'node:zlib';

/*
 * A segment is a head line, then records. A record is its length (u32, little-endian), the CRC-32 of its payload (u32),
 * and the payload: a line of tab-separated facts, then one line of COPY text a row, the prediction id first.
 */

/** Rows that were acknowledged together: those of one request to one model version. */
export interface SpoolRecord {
  modelName: string;
  modelVersion: number;
  rows: number;
  /** Number of the first row among all rows of its spool, from 0 without gaps. */
  firstRow: number;
  /** Times in the ids of the first and the last row, milliseconds since 1970. */
  firstMs: number;
  lastMs: number;
  /** The rows as lines of COPY text, each ended by a newline; the prediction id is the first field. */
  text: Buffer;
  /** Where the record begins and ends in its segment, in bytes. */
  start: number;
  end: number;
}

/** What the head of a segment says. */
export interface SegmentHead {
  /** Names the process that wrote it: its rows are numbered together. */
  spoolId: string;
  /** Columns of `predictions` in the order of the rows' fields, such as `prediction_id, requested_at`. */
  columns: string;
  bytes: number;
}

export const PREFIX_BYTES = 8;
const MAGIC = 'plumbline-spool-1';
const HEAD = /^plumbline-spool-1 ([0-9a-f-]{36}) ([a-z_]+(?:, [a-z_]+)*)$/;
/** A head is shorter than this. */
export const LONGEST_HEAD = 1_024;

/** The head line of a segment. */
export function encodeHead(spoolId: string, columns: string): Buffer {
  return Buffer.from(`${MAGIC} ${spoolId} ${columns}\n`);
}

/** Reads a segment's head from its first bytes; undefined when there is none. */
export function parseHead(bytes: Buffer): SegmentHead | undefined {
  const end = bytes.indexOf(10);
  const match = end === -1 ? null : HEAD.exec(bytes.toString('latin1', 0, end));
  return match ? { spoolId: match[1]!, columns: match[2]!, bytes: end + 1 } : undefined;
}

/** A record before it has a place: its rows are numbered when it is written. */
export type NewRecord = Pick<SpoolRecord, 'modelName' | 'modelVersion' | 'rows' | 'firstMs' | 'lastMs'> & {
  text: string;
};

/** Encodes records for one write, numbering their rows from `firstRow`. */
export function encodeRecords(records: NewRecord[], firstRow: number): Buffer {
  let row = firstRow;
  let size = 0;
  const payloads = records.map((record) => {
    const { modelName, modelVersion, rows, firstMs, lastMs, text } = record;
    const payload = `${modelName}\t${modelVersion}\t${rows}\t${row}\t${firstMs}\t${lastMs}\n${text}`;
    row += rows;
    size += PREFIX_BYTES + Buffer.byteLength(payload);
    return payload;
  });
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const payload of payloads) {
    const length = bytes.write(payload, at + PREFIX_BYTES);
    bytes.writeUInt32LE(length, at);
    bytes.writeUInt32LE(crc32(bytes.subarray(at + PREFIX_BYTES, at + PREFIX_BYTES + length)), at + 4);
    at += PREFIX_BYTES + length;
  }
  return bytes;
}

/**
 * Reads the record that begins at `offset` of `bytes`; `base` is where `bytes` begin in the segment.
 * @returns the record, `short` with the bytes it needs when `bytes` end before it does, or `damaged` with its length
 */
export function parseRecord(
  bytes: Buffer,
  offset: number,
  base: number,
): SpoolRecord | { short: number } | { damaged: number } {
  if (offset + PREFIX_BYTES > bytes.length) return { short: PREFIX_BYTES };
  const length = bytes.readUInt32LE(offset);
  const begin = offset + PREFIX_BYTES;
  if (begin + length > bytes.length) return { short: PREFIX_BYTES + length };
  const payload = bytes.subarray(begin, begin + length);
  const lineEnd = payload.indexOf(10);
  if (crc32(payload) !== bytes.readUInt32LE(offset + 4) || lineEnd === -1) return { damaged: PREFIX_BYTES + length };
  const [modelName, modelVersion, rows, firstRow, firstMs, lastMs] = payload.toString('utf8', 0, lineEnd).split('\t');
  return {
    modelName: modelName!,
    modelVersion: Number(modelVersion),
    rows: Number(rows),
    firstRow: Number(firstRow),
    firstMs: Number(firstMs),
    lastMs: Number(lastMs),
    text: payload.subarray(lineEnd + 1),
    start: base + offset,
    end: base + begin + length,
  };
}

const ID_LENGTH = 36;

/** The prediction ids of a record, in order. */
export function recordIds(record: Pick<SpoolRecord, 'text'>): string[] {
  const ids: string[] = [];
  for (let at = 0; at < record.text.length; at = record.text.indexOf(10, at) + 1) {
    ids.push(record.text.toString('latin1', at, at + ID_LENGTH));
  }
  return ids;
}
