import { readdir, readFile } from 'node:fs/promises';

/** What a process and its descendants have used, those that have ended included. */
export interface Usage {
  /** User and system time since their start. */
  cpuSeconds: number;
  /** Resident memory now, summed: pages that they share count for each. */
  rssMegabytes: number;
}

/** Of Linux on every platform Node runs on: USER_HZ, the unit of times in /proc. */
const TICKS_A_SECOND = 100;

interface ProcessUsage extends Usage {
  pid: number;
  parent: number;
}

/** Reads the usage of a process and all its descendants from /proc. */
export async function readUsage(pid: number): Promise<Usage> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(names.map((name) => readProcess(Number(name))))).filter((p) => p !== undefined);
  const tree = new Set([pid]);
  for (let before = 0; before !== tree.size; ) {
    before = tree.size;
    for (const { pid: child, parent } of all) if (tree.has(parent)) tree.add(child);
  }
  const members = all.filter((member) => tree.has(member.pid));
  return {
    cpuSeconds: members.reduce((sum, member) => sum + member.cpuSeconds, 0),
    rssMegabytes: members.reduce((sum, member) => sum + member.rssMegabytes, 0),
  };
}

/** A process that ended meanwhile is undefined. */
async function readProcess(pid: number): Promise<ProcessUsage | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return { pid, ...parseStat(stat), rssMegabytes: parseRss(status) };
  } catch {
    return undefined;
  }
}

/**
 * Parent and CPU time, with that of children which have ended, from /proc/PID/stat (proc(5): fields 4 and 14 to 17; the
 * name in brackets may hold spaces).
 */
export function parseStat(stat: string): { parent: number; cpuSeconds: number } {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), cpuSeconds: ticks / TICKS_A_SECOND };
}

/** Resident memory from /proc/PID/status, in megabytes of 10⁶ bytes; 0 for a process without memory of its own. */
export function parseRss(status: string): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return (Number(kibibytes ?? 0) * 1_024) / 1e6;
}
