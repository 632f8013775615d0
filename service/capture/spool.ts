import { rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SEGMENT_SUFFIX } from '../../core/spool/list-segments.js';
import { encodeHead, encodeRecords, type NewRecord, parseHead } from '../../core/spool/record.js';
import { SpoolFullError } from '../errors.js';
import { oldestMs, type Segment } from './segment.js';
import { createSegmentFile, type SegmentFile } from './segment-file.js';

/** What the spool is made with. */
export interface SpoolOptions {
  /** The process's own folder, made when it is asked for; may fail and be asked for again. */
  folder: () => Promise<string>;
  spoolId: string;
  columns: string;
  durability: 'os' | 'disk';
  maxBytes: number;
  /** Milliseconds since 1970, for what is shown; rotation goes by a clock that never jumps. */
  now: () => number;
  /** Told when writing begins to fail and when it works again. */
  onState: (error: unknown | undefined) => void;
  createFile?: typeof createSegmentFile;
}

/** The acknowledged rows that are not in Postgres yet, in segment files, oldest first. */
export interface Spool {
  /** Resolves once the record is as durable as was asked for. @throws whatever kept it from being written */
  append(record: NewRecord): Promise<void>;
  /**
   * Refuses at once what could not be written anyway, or would not fit.
   * @throws SpoolFullError, or the last write error within a second of it
   */
  assertRoom(moreBytes?: number): void;
  /** Bytes of a large request that are to share a write: others wait for one such write, and with `disk` for its sync. */
  partBytes: number;
  /** The oldest segment with rows that are not stored. */
  oldest(): Segment | undefined;
  /**
   * Says that the rows up to `position` of a segment are stored; a segment that is stored to its end is deleted.
   * @returns rows of the segment that were passed over as damaged, told once its end is reached
   */
  advance(segment: Segment, position: number, rows: number): Promise<number>;
  /** Closes the segment that is written to when it is old and stored, so that little is sent again after a crash. */
  rotateIdle(): Promise<void>;
  /** Puts segments of dead processes in front: they are older. */
  adopt(segments: Segment[]): void;
  /** Waits for writes under way and closes the file. */
  close(): Promise<void>;
  rows(): number;
  bytes(): number;
  /** When the oldest record that is not stored was written, milliseconds since 1970. */
  oldestMs(): number | undefined;
  /** Rows of this process that were appended, and of these that are stored, set aside or damaged. */
  progress(): { appended: number; stored: number };
}

const SEGMENT_BYTES = 16 * 1024 * 1024;
const SEGMENT_AGE_MS = 10_000;
const MARK_MS = 100;
const PART_BYTES = 131_072;
/** A sync takes as long for few bytes as for many. */
const DISK_PART_BYTES = 4 * 1024 * 1024;
/** After a failed write, requests are refused unseen for so long; then one group tries again. */
const PAUSE_MS = 1_000;

interface Waiting {
  record: NewRecord;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Creates an empty spool. What is appended while a write is under way shares the next write. */
export function createSpool(options: SpoolOptions): Spool {
  const { maxBytes, durability, createFile = createSegmentFile } = options;
  const segmentBytes = Math.min(SEGMENT_BYTES, Math.floor(maxBytes / 8));
  const segments: Segment[] = [];
  let current: { file: SegmentFile; segment: Segment; openedAt: number } | undefined;
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let bytes = 0;
  let number = 0;
  const progress = { appended: 0, stored: 0 };
  let failure: { error: unknown; at: number } | undefined;

  const assertRoom = (more = 0): void => {
    if (failure && performance.now() - failure.at < PAUSE_MS) throw failure.error;
    if (bytes + more > maxBytes) throw new SpoolFullError(maxBytes);
  };
  const seal = async (): Promise<void> => {
    const { file, segment } = current!;
    current = undefined;
    segment.sealed = true;
    await file.close();
    if (segment.position >= segment.end) await remove(segment);
  };
  const openNext = async (): Promise<NonNullable<typeof current>> => {
    const path = join(await options.folder(), `${options.spoolId}-${String(number).padStart(8, '0')}${SEGMENT_SUFFIX}`);
    const head = encodeHead(options.spoolId, options.columns);
    const file = await createFile(path, durability === 'disk');
    number++;
    try {
      await file.write(head, 0);
    } catch (error) {
      await file.close();
      await unlink(path).catch(() => undefined);
      throw error;
    }
    bytes += head.length;
    const segment: Segment = {
      path,
      head: parseHead(head)!,
      position: head.length,
      end: head.length,
      rows: 0,
      marks: [],
      own: true,
      sealed: false,
      damaged: false,
    };
    segments.push(segment);
    current = { file, segment, openedAt: performance.now() };
    return current;
  };
  const writeGroup = async (records: NewRecord[]): Promise<void> => {
    const encoded = encodeRecords(records, progress.appended);
    assertRoom(encoded.length);
    if (current && (current.segment.end >= segmentBytes || performance.now() - current.openedAt > SEGMENT_AGE_MS)) {
      await seal();
    }
    const { file, segment } = current ?? (await openNext());
    try {
      await file.write(encoded, segment.end);
      if (durability === 'disk') await file.sync();
    } catch (error) {
      // What was written in part must not be found by whoever adopts the file. After a failed sync nobody knows what
      // is on the disk, so the file is left for good.
      const cut = await file.truncate(segment.end).then(
        () => true,
        () => false,
      );
      if (!cut || durability === 'disk') await seal().catch(() => undefined);
      throw error;
    }
    const ms = options.now();
    const last = segment.marks.at(-1);
    if (!last || ms - last.ms >= MARK_MS || ms < last.ms) segment.marks.push({ at: segment.end, ms });
    segment.end += encoded.length;
    bytes += encoded.length;
    for (const { rows } of records) {
      segment.rows += rows;
      progress.appended += rows;
    }
  };
  const flush = async (): Promise<void> => {
    // After all promises that are settled by now: everyone who shared a run of the model has handed in their rows.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      try {
        await writeGroup(group.map(({ record }) => record));
        if (failure) options.onState(undefined);
        failure = undefined;
        for (const { resolve } of group) resolve();
      } catch (error) {
        if (!failure) options.onState(error);
        // A full spool tells itself by its size; anything else has to be tried again now and then.
        if (!failure || performance.now() - failure.at >= PAUSE_MS) {
          failure = { error, at: error instanceof SpoolFullError ? Number.NEGATIVE_INFINITY : performance.now() };
        }
        for (const { reject } of group) reject(error);
      }
    }
    flushing = undefined;
  };
  const remove = async (segment: Segment): Promise<void> => {
    const at = segments.indexOf(segment);
    if (at === -1) return;
    segments.splice(at, 1);
    bytes -= segment.end;
    await (segment.damaged ? rename(segment.path, `${segment.path}.damaged`) : unlink(segment.path));
  };
  return {
    append: (record) =>
      new Promise((resolve, reject) => {
        waiting.push({ record, resolve, reject });
        flushing ??= flush();
      }),
    assertRoom,
    partBytes: durability === 'disk' ? DISK_PART_BYTES : PART_BYTES,
    oldest: () => segments.find((segment) => segment.position < segment.end),
    advance: async (segment, position, rows) => {
      segment.position = position;
      segment.rows -= rows;
      if (segment.own) progress.stored += rows;
      if (position < segment.end) return 0;
      const damaged = segment.rows;
      segment.rows = 0;
      // Nobody needs to wait for what can never be stored.
      if (segment.own) progress.stored += damaged;
      if (segment.sealed) await remove(segment);
      return damaged;
    },
    rotateIdle: async () => {
      if (!current || flushing || performance.now() - current.openedAt < SEGMENT_AGE_MS) return;
      if (current.segment.position < current.segment.end) return;
      await seal();
    },
    adopt: (adopted) => {
      const firstOwn = segments.findIndex((segment) => segment.own);
      segments.splice(firstOwn === -1 ? segments.length : firstOwn, 0, ...adopted);
      for (const segment of adopted) bytes += segment.end;
    },
    close: async () => {
      await flushing;
      if (current) await seal();
    },
    rows: () => segments.reduce((sum, segment) => sum + segment.rows, 0),
    bytes: () => bytes,
    oldestMs: () => {
      const times = segments.flatMap((segment) => oldestMs(segment) ?? []);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    progress: () => ({ ...progress }),
  };
}
