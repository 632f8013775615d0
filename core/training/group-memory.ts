import { readdir, readFile } from 'node:fs/promises';

/**
 * Memory that the processes of a group hold, in bytes: the sum of their resident sets, so what they share counts for each.
 * Undefined where the system does not tell (it has no /proc).
 */
export async function groupMemoryBytes(groupId: number): Promise<number | undefined> {
  const names = await readdir('/proc').catch(() => undefined);
  if (!names) return undefined;
  const sizes = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((pid) => residentBytes(pid, groupId)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** 0 for a process of another group, or one that has ended meanwhile. */
async function residentBytes(pid: string, groupId: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may hold spaces and parentheses itself; then state, parent and group (proc(5)).
  const group = text.slice(text.lastIndexOf(')') + 2).split(' ')[2];
  if (Number(group) !== groupId) return 0;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
