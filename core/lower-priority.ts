import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** A third of the share of a process of normal priority: less keeps a training from ending in time where all are busy. */
const LOW = 5;

/**
 * Lets a process give way to others that want a processor: sets the nice value of all its threads to 5, unless it is as high
 * already. Where Linux groups processes by session (autogroup, sched(7)), nice counts between processes of one session only;
 * so a process that leads its session, as one started detached does, lowers the session as a whole too. What the system does
 * not let be changed stays as it is (without privileges it takes one session each 100 ms): nothing is thrown.
 */
export function lowerPriority(pid: number): void {
  for (const thread of threadsOf(pid)) {
    ifAllowed(() => {
      if (getPriority(thread) < LOW) setPriority(thread, LOW);
    });
  }
  ifAllowed(() => {
    const autogroup = `/proc/${pid}/autogroup`;
    const nice = / nice (-?\d+)$/m.exec(readFileSync(autogroup, 'utf8'))?.[1];
    if (Number(nice) < LOW && leadsSession(pid)) writeFileSync(autogroup, String(LOW));
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
