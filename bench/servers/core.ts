import { readFile } from 'node:fs/promises';

/** What a core has done since the machine started. */
export interface CoreTimes {
  /** All but idle and waiting for disks; time that the host gave to other machines counts as busy. */
  busySeconds: number;
  totalSeconds: number;
}

const TICKS_A_SECOND = 100;

/** Reads the times of a core from /proc/stat. */
export async function readCore(core: number): Promise<CoreTimes> {
  return parseCore(await readFile('/proc/stat', 'utf8'), core);
}

/**
 * The times of a core from the text of /proc/stat (proc(5): user, nice, system, idle, iowait, irq, softirq, steal).
 * @throws Error when there is no such core
 */
export function parseCore(stat: string, core: number): CoreTimes {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1];
  if (line === undefined) throw new Error(`/proc/stat has no core ${core}`, { cause: 'core' });
  // What follows are times of guests, which user and nice already hold.
  const ticks = line.split(' ').map(Number).slice(0, 8);
  const total = ticks.reduce((sum, value) => sum + value, 0);
  const idle = ticks[3]! + ticks[4]!;
  return { busySeconds: (total - idle) / TICKS_A_SECOND, totalSeconds: total / TICKS_A_SECOND };
}
