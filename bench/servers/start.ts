import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Launch } from '../contestants/contestant.js';
import { SERVER_CORE } from '../pin.js';
import { childEnvironment } from '../settings.js';

/** A server that answers. */
export interface RunningServer {
  pid: number;
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const LAST_WORDS = 400;

/** Starts a server pinned to its core and waits until it is ready. @throws Error with its last words when it is not */
export async function startServer(launch: Launch, readyUrl: string): Promise<RunningServer> {
  // A process group of its own: gunicorn, MLServer and BentoML have children that must end with them.
  const child = spawn('taskset', ['-c', String(SERVER_CORE), launch.command, ...launch.args], {
    cwd: launch.folder,
    env: childEnvironment(launch.environment ?? {}) as NodeJS.ProcessEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-LAST_WORDS);
    });
  }
  // Not SIGKILL: BentoML's workers have sessions of their own, and end only when their parent ends in good order.
  const kill = (): void => signalGroup(child, 'SIGTERM');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    await end(child);
    process.off('exit', kill);
  };
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await answers(readyUrl))) {
    if (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
      await delay(100);
      continue;
    }
    await stop();
    const how = Date.now() < deadline ? `ended with ${child.exitCode ?? child.signalCode}` : 'was not ready in time';
    throw new Error(`${launch.command} ${how}: ${said.trim() || 'it said nothing'}`, { cause: 'server' });
  }
  return { pid: child.pid!, stop };
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return response.ok;
    },
    () => false,
  );
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return signalGroup(child, 'SIGKILL');
  const ended = once(child, 'exit');
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // None of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
