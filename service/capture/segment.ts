import type { SegmentHead } from '../../core/spool/record.js';

/** A segment file of this process, as far as it is written and as far as it is stored. */
export interface Segment {
  path: string;
  head: SegmentHead;
  /** Where the first record that is not stored begins, in bytes. */
  position: number;
  /** Where the last acknowledged record ends, in bytes; what lies behind was never acknowledged. */
  end: number;
  /** Rows between position and end. */
  rows: number;
  /** When records were written, about every tenth of a second: byte offset and milliseconds since 1970. */
  marks: { at: number; ms: number }[];
  /** Written by this process, rather than adopted. */
  own: boolean;
  /** Nothing is written to it any more. */
  sealed: boolean;
  /** A record in it does not match its checksum: the file is kept when all others are stored. */
  damaged: boolean;
}

/** When the oldest record that is not stored was written, or undefined when all are stored. */
export function oldestMs(segment: Segment): number | undefined {
  if (segment.position >= segment.end) return undefined;
  let oldest = segment.marks[0];
  for (const mark of segment.marks) if (mark.at <= segment.position) oldest = mark;
  return oldest?.ms;
}
