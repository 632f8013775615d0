import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { lowerPriority } from '../lower-priority.js';
import { groupMemoryBytes } from './group-memory.js';

/** Most characters of output that are kept, the last ones. */
const LOG_LIMIT = 200_000;
/** From asking a command to end to ending it by force. */
const GRACE_MS = 5_000;
/** For the last output after the exit: a process that left the group may hold the pipes for ever. */
const LAST_OUTPUT_MS = 1_000;
/** How often the memory of a command is looked at. */
const MEMORY_INTERVAL_MS = 500;
/** A longer timer of Node fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Windows has no process groups: there only the command itself is ended. */
const HAS_GROUPS = process.platform !== 'win32';

/** What a command printed, and how it ended if not with exit code 0. */
export interface CommandEnd {
  log: string;
  ending?: string;
}

/**
 * Runs a command to its end, with all that it starts: it gets a process group of its own, and what is left of the group is
 * ended when the command exits. At the limits of time and memory, when `signal` aborts and when this process is told to end,
 * the group is sent SIGTERM, and SIGKILL 5 s later. Standard input stays open, without data, as long as this process lives.
 * @param command  program and arguments
 * @param environment  of the command; this process's own when left out
 * @param memoryMegabytes  the group may hold (2^20 bytes each); where the system does not tell, it is not looked at
 * @param onOutput  is given what the command prints, as it comes
 */
export async function runToEnd(
  command: string[],
  options: {
    timeoutMs: number;
    signal: AbortSignal | undefined;
    environment: Record<string, string | undefined> | undefined;
    memoryMegabytes?: number | undefined;
    onOutput?: ((text: string) => void) | undefined;
  },
): Promise<CommandEnd> {
  const { timeoutMs, signal, environment, memoryMegabytes, onOutput } = options;
  if (signal?.aborted) return { log: '', ending: 'was not begun, as its caller ends' };
  const [program, ...args] = command;
  const stop = endOnRequest(timeoutMs, signal);
  try {
    const child = spawn(program!, args, { detached: HAS_GROUPS, ...(environment && { env: environment }) });
    stop.watch(child);
    // Training yields the processor to serving on the same machine.
    if (child.pid !== undefined) lowerPriority(child.pid);
    const readLog = keepOutput(child, onOutput);
    if (memoryMegabytes !== undefined) stop.limitMemory(memoryMegabytes);
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const ending = await exitOf(child);
    await endGroup(child, closed, stop.graceLeftMs());
    const reason = stop.reason() ?? ending;
    if (reason === undefined) return { log: readLog() };
    const lastLine = stop.reason() === undefined ? readLog().trim().split('\n').at(-1) : undefined;
    return { log: readLog(), ending: lastLine ? `${reason}: ${lastLine}` : reason };
  } finally {
    stop.dispose();
  }
}

/** How a command exited, in words; undefined for exit code 0. */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be run: ${error.message}`));
    child.once('exit', (code, signalName) =>
      resolve(code === 0 ? undefined : `ended with ${code === null ? signalName : `exit code ${code}`}`),
    );
  });
}

/** Ends what a command that has exited left running, at once or after the grace, and waits for the last output. */
async function endGroup(child: ChildProcess, closed: Promise<void>, graceMs: number): Promise<void> {
  if (child.pid === undefined) return;
  await within(graceMs, closed);
  signalGroup(child, 'SIGKILL');
  await within(LAST_OUTPUT_MS, closed);
  child.stdout?.destroy();
  child.stderr?.destroy();
}

/**
 * Asks the watched command to end when it has to; says why it did, and how much of the grace is left. Listens before there is
 * a command, so that none is begun by a process that is being ended without notice.
 */
function endOnRequest(timeoutMs: number, signal: AbortSignal | undefined) {
  let child: ChildProcess | undefined;
  let reason: string | undefined;
  let forceAt = 0;
  let force: NodeJS.Timeout | undefined;
  let look: NodeJS.Timeout | undefined;
  const end = (why: string): void => {
    if (!child || reason !== undefined || child.exitCode !== null || child.signalCode !== null) return;
    reason = why;
    forceAt = Date.now() + GRACE_MS;
    signalGroup(child, 'SIGTERM');
    force = setTimeout(signalGroup, GRACE_MS, child, 'SIGKILL');
  };
  const onTimeout = (): void => end(`was ended after ${timeoutMs / 60_000} minutes (retraining.timeoutMinutes)`);
  const onAbort = (): void => end('was ended, as its caller ends');
  const limit = setTimeout(onTimeout, Math.min(timeoutMs, LONGEST_TIMER_MS));
  signal?.addEventListener('abort', onAbort);
  // The terminal's Ctrl-C goes to the foreground group alone, which the command is not in.
  process.on('SIGINT', onAbort);
  process.on('SIGTERM', onAbort);
  return {
    watch: (begun: ChildProcess): void => {
      child = begun;
    },
    limitMemory: (megabytes: number): void => {
      look = setInterval(() => {
        void groupMemoryBytes(child?.pid ?? 0).then((bytes = 0) => {
          const held = Math.round(bytes / 2 ** 20);
          if (held > megabytes) end(`was ended as it held ${held} MiB of ${megabytes} (training.memoryMegabytes)`);
        });
      }, MEMORY_INTERVAL_MS);
    },
    reason: () => reason,
    graceLeftMs: () => Math.max(0, forceAt - Date.now()),
    dispose: () => {
      clearTimeout(limit);
      clearTimeout(force);
      clearInterval(look);
      signal?.removeEventListener('abort', onAbort);
      process.off('SIGINT', onAbort);
      process.off('SIGTERM', onAbort);
    },
  };
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (HAS_GROUPS) process.kill(-child.pid, name);
    else child.kill(name);
  } catch {
    // Nothing of the group is left, or nothing that may be signalled.
  }
}

async function within(timeoutMs: number, event: Promise<void>): Promise<void> {
  const over = new AbortController();
  const limit = delay(timeoutMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([event, limit]);
  over.abort();
}

function keepOutput(child: ReturnType<typeof spawn>, onOutput?: (text: string) => void): () => string {
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_LIMIT);
      onOutput?.(text);
    });
  }
  child.stdin?.on('error', () => undefined);
  return () => log;
}
