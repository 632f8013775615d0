import { type FileHandle, open } from 'node:fs/promises';
import { LONGEST_HEAD, PREFIX_BYTES, parseHead, parseRecord, type SegmentHead, type SpoolRecord } from './record.js';

const CHUNK_BYTES = 262_144;

/** Reads the head of a segment; undefined when the file has none (it was torn there). */
export async function readHead(file: FileHandle): Promise<SegmentHead | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEAD), 0, LONGEST_HEAD, 0);
  return parseHead(buffer.subarray(0, bytesRead));
}

/**
 * Gives the sound records of a segment between two offsets, in order. Ends at the first that is cut off. A record
 * whose checksum is wrong is left out and told to `onDamaged` when a sound one follows it; else it is a torn tail, and
 * the end too.
 */
export async function* readRecords(
  file: FileHandle,
  from: number,
  to: number,
  onDamaged: (bytes: number) => void = () => undefined,
): AsyncGenerator<SpoolRecord, void> {
  let base = from;
  let wanted = CHUNK_BYTES;
  while (base < to) {
    const bytes = await readAt(file, base, Math.min(wanted, to - base));
    let offset = 0;
    let short = PREFIX_BYTES;
    for (;;) {
      const found = parseRecord(bytes, offset, base);
      if ('short' in found) {
        short = found.short;
        break;
      }
      if ('damaged' in found) {
        if (!(await isSound(file, base + offset + found.damaged, to))) return;
        onDamaged(found.damaged);
        offset += found.damaged;
        continue;
      }
      yield found;
      offset = found.end - base;
    }
    base += offset;
    if (base + short > to || bytes.length === 0) return;
    wanted = Math.max(CHUNK_BYTES, short);
  }
}

/** Whether a sound record begins at an offset. */
async function isSound(file: FileHandle, at: number, to: number): Promise<boolean> {
  const prefix = await readAt(file, at, Math.min(PREFIX_BYTES, Math.max(0, to - at)));
  if (prefix.length < PREFIX_BYTES) return false;
  const length = PREFIX_BYTES + prefix.readUInt32LE(0);
  if (at + length > to) return false;
  return 'tuples' in parseRecord(await readAt(file, at, length), 0, at);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Opens a segment, gives it and its size to `work`, and closes it. */
export async function withSegment<T>(path: string, work: (file: FileHandle, size: number) => Promise<T>): Promise<T> {
  const file = await open(path, 'r');
  try {
    return await work(file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}
