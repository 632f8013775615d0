import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../core/http/free-port.js';
import { compiledPath } from '../../core/package-path.js';

/** A place of its own for one stack: home folder and ports. */
export interface StackPlace {
  home: string;
  environment: NodeJS.ProcessEnv;
  servicePort: number;
  monitorPort: number;
  trainerPort: number;
  remove(): Promise<void>;
}

/** Picks a fresh home folder and free ports. */
export async function createStackPlace(): Promise<StackPlace> {
  const home = await mkdtemp(join(tmpdir(), 'plumbline-home-'));
  // Postgres does not run as root: its user must be able to enter.
  await chmod(home, 0o755);
  const [servicePort, monitorPort, trainerPort] = [await freePort(), await freePort(), await freePort()];
  return {
    home,
    servicePort,
    monitorPort,
    trainerPort,
    environment: {
      ...process.env,
      PLUMBLINE_HOME: home,
      SERVICE_PORT: String(servicePort),
      MONITOR_PORT: String(monitorPort),
      TRAINER_PORT: String(trainerPort),
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

/** A `plumbline` command under way. */
export interface Running {
  child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Resolves with the exit code; null when a signal ended it. */
  ended: Promise<number | null>;
}

/** Runs `plumbline …`; its output is kept. */
export function plumbline(args: string[], environment: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [compiledPath('cli/main.js'), ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return { child, output: () => output, ended: once(child, 'exit').then(([code]) => code as number | null) };
}
