import { readRecords, withSegment } from '../../core/spool/read-segment.js';
import type { SpoolRecord } from '../../core/spool/record.js';
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

/** The first half of a part's records. */
export function firstHalf(part: Part): Part {
  const records = part.records.slice(0, Math.ceil(part.records.length / 2));
  return { ...part, records, rows: records.reduce((sum, r) => sum + r.rows, 0), end: records.at(-1)!.end };
}
