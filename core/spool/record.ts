import { crc32 } from 'node:zlib';
import { leadingUuid, tupleEnd } from '../postgres/copy-tuples.js';
import type { RequestSource } from '../request-source.js';

/*
 * A segment is a head line, then records. A record is its length (u32, little-endian), the CRC-32 of its payload (u32),
 * and the payload: a line of tab-separated facts, then the rows as tuples of COPY in binary format, the prediction id
 * their first field. So the rows go to Postgres as they are, and checksum and facts are shared by all in a record.
 */

/** Rows of one model version and source that were acknowledged together: those of one request, or of several that shared a write. */
export interface SpoolRecord {
  modelName: string;
  modelVersion: number;
  source: RequestSource;
  rows: number;
  /** Number of the first row among all rows of its spool, from 0 without gaps. */
  firstRow: number;
  /** Earliest and latest of the times in the ids, milliseconds since 1970. */
  firstMs: number;
  lastMs: number;
  /** The rows as tuples of COPY in binary format; the prediction id is the first field. */
  tuples: Buffer;
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
const MAGIC = 'plumbline-spool-2';
const HEAD = /^plumbline-spool-2 ([0-9a-f-]{36}) ([a-z_]+(?:, [a-z_]+)*)$/;
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

/** Rows before they have a place: they are numbered when they are written. */
export type NewRecord = Omit<SpoolRecord, 'firstRow' | 'start' | 'end'>;

/** Where a record is not made longer: what is damaged by a disk is lost by the record. */
const FULL_BYTES = 65_536;

/** Encodes rows for one write, numbering them from `firstRow`. Neighbours of the same model version and source share a record. */
export function encodeRecords(records: NewRecord[], firstRow: number): Buffer {
  const pieces: Buffer[] = [];
  let row = firstRow;
  for (let start = 0; start < records.length; ) {
    const { modelName, modelVersion, source } = records[start]!;
    const tuples: Buffer[] = [];
    let [bytes, rows, firstMs, lastMs] = [0, 0, Number.POSITIVE_INFINITY, 0];
    for (; start < records.length && bytes < FULL_BYTES; start++) {
      const next = records[start]!;
      if (next.modelVersion !== modelVersion || next.modelName !== modelName || next.source !== source) break;
      tuples.push(next.tuples);
      bytes += next.tuples.length;
      rows += next.rows;
      firstMs = Math.min(firstMs, next.firstMs);
      lastMs = Math.max(lastMs, next.lastMs);
    }
    const facts = Buffer.from(`${modelName}\t${modelVersion}\t${rows}\t${row}\t${firstMs}\t${lastMs}\t${source}\n`);
    const record = Buffer.concat([Buffer.alloc(PREFIX_BYTES), facts, ...tuples]);
    record.writeUInt32LE(record.length - PREFIX_BYTES, 0);
    record.writeUInt32LE(crc32(record.subarray(PREFIX_BYTES)), 4);
    pieces.push(record);
    row += rows;
  }
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
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
  const facts = payload.toString('utf8', 0, lineEnd).split('\t');
  const [modelName, modelVersion, rows, firstRow, firstMs, lastMs, source] = facts;
  return {
    modelName: modelName!,
    modelVersion: Number(modelVersion),
    source: source === 'batch' ? 'batch' : 'live',
    rows: Number(rows),
    firstRow: Number(firstRow),
    firstMs: Number(firstMs),
    lastMs: Number(lastMs),
    tuples: payload.subarray(lineEnd + 1),
    start: base + offset,
    end: base + begin + length,
  };
}

/** The prediction ids of a record, in order. */
export function recordIds({ tuples }: Pick<SpoolRecord, 'tuples'>): string[] {
  const ids: string[] = [];
  for (let at = 0; at < tuples.length; at = tupleEnd(tuples, at)) ids.push(leadingUuid(tuples, at));
  return ids;
}

/** A record of several rows as one record a row, each with its number; places and times are those of the whole. */
export function splitRows(record: SpoolRecord): SpoolRecord[] {
  const split: SpoolRecord[] = [];
  for (let at = 0; at < record.tuples.length; ) {
    const end = tupleEnd(record.tuples, at);
    split.push({
      ...record,
      rows: 1,
      firstRow: record.firstRow + split.length,
      tuples: record.tuples.subarray(at, end),
    });
    at = end;
  }
  return split;
}
