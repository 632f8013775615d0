import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** A process to keep running. */
export interface ChildSpec {
  name: string;
  entry: string;
  environment: Record<string, string | undefined>;
  /** Answers 200 once the process can do its work. */
  readyUrl: string;
}

/** A kept process. */
export interface Supervised {
  /** Resolves when it is ready for the first time. @throws Error with its last words when it dies before */
  ready: Promise<void>;
  stop(): Promise<void>;
}

const FIRST_RESTART_MS = 500;
const LAST_RESTART_MS = 10_000;
/** Longer than the service takes by its defaults, its last resorts included. */
const STOP_TIMEOUT_MS = 30_000;
/** A process that lived so long begins again with the first pause. */
const STEADY_MS = 60_000;

/** Keeps a child process running: one that dies after it was ready is started again, with a growing pause. */
export function supervise(spec: ChildSpec, onLine: (name: string, line: string) => void): Supervised {
  let stopping = false;
  let wasReady = false;
  let pause = FIRST_RESTART_MS;
  let child: ChildProcess | undefined;
  let lastWords = '';
  let startedAt = 0;
  const abort = new AbortController();

  const start = (): ChildProcess => {
    const started = fork(spec.entry, [], {
      env: spec.environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C goes to the whole process group of the terminal: this process alone decides who ends when.
      detached: true,
    });
    for (const stream of [started.stdout!, started.stderr!]) {
      createInterface({ input: stream }).on('line', (line) => {
        if (stream === started.stderr) lastWords = `${lastWords}\n${line}`.slice(-2_000);
        onLine(spec.name, line);
      });
    }
    return started;
  };

  const died =
    (reject: (error: Error) => void) =>
    async (code: number | null, signal: string | null): Promise<void> => {
      if (stopping) return;
      const how = signal ? `signal ${signal}` : `exit code ${code}`;
      if (!wasReady) {
        reject(
          new Error(`${spec.name} ended with ${how} before it was ready:${lastWords || ' it said nothing'}`, {
            cause: 'child',
          }),
        );
        return;
      }
      if (Date.now() - startedAt >= STEADY_MS) pause = FIRST_RESTART_MS;
      onLine(spec.name, `ended with ${how}, starting it again in ${pause} ms`);
      await delay(pause, undefined, { signal: abort.signal }).catch(() => undefined);
      pause = Math.min(pause * 2, LAST_RESTART_MS);
      if (!stopping) run(reject);
    };

  const run = (reject: (error: Error) => void): void => {
    child = start();
    startedAt = Date.now();
    child.once('exit', died(reject));
  };

  const ready = new Promise<void>((resolve, reject) => {
    run(reject);
    void untilReady(spec.readyUrl, abort.signal).then((answered) => {
      if (!answered) return;
      wasReady = true;
      resolve();
    });
  });

  return {
    ready,
    stop: async () => {
      stopping = true;
      abort.abort();
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Asks a URL until it answers 200. @returns false when `signal` was aborted first */
export async function untilReady(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const ok = await fetch(url, { signal }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
    if (ok) return true;
    await delay(100, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
