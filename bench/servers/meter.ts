import { LOAD_CORE, SERVER_CORE } from '../pin.js';
import { readCore } from './core.js';
import { readUsage } from './usage.js';

/** Share of each core that went to neither the server nor the benchmark while something was measured. */
export interface Disturbance {
  what: string;
  serverCorePercent: number;
  loadCorePercent: number;
}

/** What a server used while something was measured. */
export interface Metered extends Disturbance {
  /** CPU time of the server's processes. */
  cpuSeconds: number;
  seconds: number;
}

interface Reading {
  atMs: number;
  server: number;
  bench: number;
  serverCore: { busySeconds: number; totalSeconds: number };
  loadCore: { busySeconds: number; totalSeconds: number };
}

/** Begins to meter a server; the function it gives ends that. The server must be a descendant of this process. */
export async function startMeter(what: string, pid: number): Promise<() => Promise<Metered>> {
  const before = await read(pid);
  return async () => difference(what, before, await read(pid));
}

async function read(pid: number): Promise<Reading> {
  return {
    atMs: performance.now(),
    server: (await readUsage(pid)).cpuSeconds,
    bench: (await readUsage(process.pid)).cpuSeconds,
    serverCore: await readCore(SERVER_CORE),
    loadCore: await readCore(LOAD_CORE),
  };
}

function difference(what: string, before: Reading, after: Reading): Metered {
  const cpuSeconds = after.server - before.server;
  const own = after.bench - before.bench - cpuSeconds;
  const others = (core: 'serverCore' | 'loadCore', used: number): number => {
    const total = after[core].totalSeconds - before[core].totalSeconds;
    const busy = after[core].busySeconds - before[core].busySeconds;
    // The counters tick a hundred times a second, each on its own.
    return total === 0 ? 0 : Math.max(0, (100 * (busy - used)) / total);
  };
  return {
    what,
    cpuSeconds,
    seconds: (after.atMs - before.atMs) / 1_000,
    serverCorePercent: others('serverCore', cpuSeconds),
    loadCorePercent: others('loadCore', own),
  };
}
