import { readRecords, withSegment } from '../../core/spool/read-segment.js';
import { type SpoolRecord, splitRows } from '../../core/spool/record.js';
import type { Segment } from './segment.js';

/** Records of a segment that are stored in one transaction. */
export interface Part {
  spoolId: string;
  columns: string;
  records: SpoolRecord[];
  rows: number;
  /** Where the next part begins. */
  end: number;
}

/** Reads the next records of a segment, of at most `maxRows` rows together (one record at least). */
export async function readPart(segment: Segment, maxRows: number, onDamaged: (bytes: number) => void): Promise<Part> {
  const { spoolId, columns } = segment.head;
  const part: Part = { spoolId, columns, records: [], rows: 0, end: segment.position };
  const { position, end } = segment;
  await withSegment(segment.path, async (file) => {
    for await (const record of readRecords(file, position, end, onDamaged)) {
      if (part.rows > 0 && part.rows + record.rows > maxRows) return;
      part.records.push(record);
      part.rows += record.rows;
      part.end = record.end;
    }
    // Nothing sound is left: the rest is damaged.
    part.end = end;
  });
  return part;
}

/** A part of several rows in two, between records, or between rows where it has one record only. Both end where the part does. */
export function halves(part: Part): [Part, Part] {
  const records = part.records.length > 1 ? part.records : part.records.flatMap(splitRows);
  const middle = Math.ceil(records.length / 2);
  const half = (some: SpoolRecord[]): Part => ({
    ...part,
    records: some,
    rows: some.reduce((sum, r) => sum + r.rows, 0),
  });
  return [half(records.slice(0, middle)), half(records.slice(middle))];
}
