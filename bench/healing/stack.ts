import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { readStack, type Stack } from '../../cli/stack/stack-file.js';
import { freePort } from '../../core/http/free-port.js';
import { compiledPath } from '../../core/package-path.js';
import { createPool, type Pool } from '../../core/postgres/pool.js';
import { childEnvironment } from '../settings.js';

/** `plumbline up` in a folder of its own, without a model. */
export interface HealingStack extends Stack {
  pool: Pool;
  stop(): Promise<void>;
}

const READY_MS = 60_000;
const LAST_WORDS = 2_000;
/** The cool-down of the examples, in place of that of trying things out: one alert, one training. */
const COOLDOWN_MINUTES = 1_440;

/** Starts everything as a person would, with windows of so many rows. @throws Error with its last words when it is not ready */
export async function startHealingStack(home: string, windowRows: number): Promise<HealingStack> {
  await rm(home, { recursive: true, force: true });
  // Postgres does not run as root: its user must be able to enter.
  await mkdir(home, { recursive: true, mode: 0o755 });
  const [service, monitor, trainer] = [await freePort(), await freePort(), await freePort()];
  const environment = childEnvironment({
    PLUMBLINE_HOME: home,
    SERVICE_PORT: String(service),
    MONITOR_PORT: String(monitor),
    TRAINER_PORT: String(trainer),
    MONITOR_WINDOW_ROWS: String(windowRows),
    TRAINER_COOLDOWN_MINUTES: String(COOLDOWN_MINUTES),
  });
  // It ends by itself when this process is gone: the channel between them is closed then.
  const up = fork(compiledPath('cli/main.js'), ['up', '--example', 'none'], {
    env: { ...environment, DATABASE_URL: undefined } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let said = '';
  for (const stream of [up.stdout!, up.stderr!]) {
    stream.on('data', (chunk: Buffer) => {
      said = `${said}${chunk}`.slice(-LAST_WORDS);
    });
  }
  const end = async (): Promise<void> => {
    if (up.exitCode === null && up.signalCode === null) {
      const ended = once(up, 'exit');
      up.kill('SIGTERM');
      await ended;
    }
    await rm(home, { recursive: true, force: true });
  };
  const deadline = Date.now() + READY_MS;
  // The file is written when all processes are ready.
  let stack = await readStack(home).catch(() => undefined);
  while (!stack) {
    if (up.exitCode !== null || up.signalCode !== null || Date.now() > deadline) {
      await end();
      throw new Error(`plumbline up was not ready: ${said.trim()}`, { cause: 'stack' });
    }
    await delay(100);
    stack = await readStack(home).catch(() => undefined);
  }
  const pool = createPool({
    connectionString: stack.databaseUrl,
    applicationName: 'plumbline-bench',
    maxConnections: 2,
    onError: () => undefined,
  });
  const stop = async (): Promise<void> => {
    await pool.end();
    await end();
  };
  return { ...stack, pool, stop };
}
