import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readHead, readRecords, withSegment } from './read-segment.js';
import type { SpoolRecord } from './record.js';

/** How the files of a spool are named. */
export const SEGMENT_SUFFIX = '.segment';

/** All segments below a spool folder, one sub-folder a process, in the order they were written. None when it is not there. */
export async function listSegments(root: string): Promise<string[]> {
  const folders = await readdir(root, { withFileTypes: true }).catch(absentIsEmpty);
  const paths: string[] = [];
  for (const folder of folders) {
    if (!folder.isDirectory()) continue;
    const names = await readdir(join(root, folder.name)).catch(absentIsEmpty);
    for (const name of names) if (name.endsWith(SEGMENT_SUFFIX)) paths.push(join(root, folder.name, name));
  }
  return paths.sort();
}

/** Calls `visit` for every sound record below a spool folder. Segments that are shipped and deleted meanwhile are passed over. */
export async function visitRecords(root: string, visit: (record: SpoolRecord, spoolId: string) => void): Promise<void> {
  for (const path of await listSegments(root)) {
    await withSegment(path, async (file, size) => {
      const head = await readHead(file);
      if (!head) return;
      for await (const record of readRecords(file, head.bytes, size)) visit(record, head.spoolId);
    }).catch(absentIsEmpty);
  }
}

function absentIsEmpty(error: NodeJS.ErrnoException): never[] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}
