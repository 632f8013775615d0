import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/**
 * Lets a process give way to others that want a processor: sets the nice value of all its threads, unless it is as high
 * already. Where Linux groups processes by session (autogroup, sched(7)), nice counts between processes of one session alone;
 * so a process that leads its session, as one started detached does, lowers the session as a whole too.
 * What the system does not let be changed stays as it is: nothing is thrown.
 * @param nice  1 to 19; 19 gives way to everyone
 */
export function lowerPriority(pid: number, nice: number): void {
  for (const thread of threadsOf(pid)) {
    ifAllowed(() => {
      if (getPriority(thread) < nice) setPriority(thread, nice);
    });
  }
  ifAllowed(() => {
    if (leadsSession(pid)) writeFileSync(`/proc/${pid}/autogroup`, String(nice));
  });
}

/** Linux has a nice value a thread; elsewhere the process has one. */
function threadsOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [pid];
  }
}

function leadsSession(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces and parentheses itself; then state, parent, group and session (proc(5)).
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]) === pid;
}

function ifAllowed(change: () => void): void {
  try {
    change();
  } catch {
    // The process may have ended, or may not be changed by this one; or there is no /proc here.
  }
}
