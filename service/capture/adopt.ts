import { readdir, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { SEGMENT_SUFFIX } from '../../core/spool/list-segments.js';
import { readHead, readRecords, withSegment } from '../../core/spool/read-segment.js';
import { listDeadFolders, removeFolder } from './claim-folder.js';
import type { Segment } from './segment.js';

/** What dead processes left, taken over. */
export interface Adopted {
  /** Oldest first; each is in this process's folder now. */
  segments: Segment[];
  rows: number;
  /** Ends of files that held no whole record: cut off. Nothing in them was ever acknowledged. */
  tornTails: number;
  tornBytes: number;
  /** Sub-folders of other machines, left alone. */
  foreign: string[];
  /** What kept it from going on; what was taken before is taken. */
  error?: unknown;
}

/**
 * Moves the segments of dead processes into the own folder, one rename each, so that of several adopters one gets it,
 * and cuts torn tails. What of a segment was stored already is found out by Postgres.
 */
export async function adoptSegments(root: string, own: string): Promise<Adopted> {
  const { dead, foreign } = await listDeadFolders(root, own);
  const adopted: Adopted = { segments: [], rows: 0, tornTails: 0, tornBytes: 0, foreign };
  try {
    for (const folder of dead) await takeFolder(folder, own, adopted);
  } catch (error) {
    adopted.error = error;
  }
  return adopted;
}

async function takeFolder(folder: string, own: string, adopted: Adopted): Promise<void> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter((name) => name.endsWith(SEGMENT_SUFFIX));
  for (const name of names.sort()) {
    const path = join(own, name);
    const mine = await rename(join(folder, name), path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return false;
        throw error;
      },
    );
    if (mine) await take(path, adopted);
  }
  await removeFolder(folder);
}

async function take(path: string, adopted: Adopted): Promise<void> {
  const found = await withSegment(path, async (file, size) => {
    const head = await readHead(file);
    let end = head?.bytes ?? 0;
    let rows = 0;
    let oldestMs: number | undefined;
    if (head) {
      for await (const record of readRecords(file, head.bytes, size)) {
        end = record.end;
        rows += record.rows;
        oldestMs ??= record.firstMs;
      }
    }
    return { head, end, rows, oldestMs, size };
  });
  if (found.end < found.size) {
    adopted.tornTails++;
    adopted.tornBytes += found.size - found.end;
    await truncate(path, found.end);
  }
  if (!found.head || found.rows === 0) return void (await rm(path, { force: true }));
  adopted.rows += found.rows;
  adopted.segments.push({
    path,
    head: found.head,
    position: found.head.bytes,
    end: found.end,
    rows: found.rows,
    marks: [{ at: found.head.bytes, ms: found.oldestMs! }],
    own: false,
    sealed: true,
    damaged: false,
  });
}
