import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledPath } from '../../core/package-path.js';
import { until } from '../helpers/until.js';

/** A service as its own process: what instruments modules while they are loaded can be tested in no other way. */
export interface ServiceProcess {
  url: string;
  child: ChildProcess;
  /** What it has written on standard output. */
  log: () => string;
  /** Ends it in good order. @returns its exit code */
  stop(): Promise<number | null>;
}

/** Starts the compiled service on a free port and waits until it is ready. */
export async function startServiceProcess(
  databaseUrl: string,
  environment: Record<string, string> = {},
): Promise<ServiceProcess> {
  const spoolFolder = await mkdtemp(join(tmpdir(), 'plumbline-spool-'));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: databaseUrl,
    SERVICE_PORT: '0',
    SERVICE_SPOOL_FOLDER: spoolFolder,
    ...environment,
  };
  const child = spawn(process.execPath, [compiledPath('service/main.js')], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout.on('data', (chunk) => {
    log += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const port = await until('the port in the log', () => {
    if (child.exitCode !== null) throw new Error(log);
    return /"port":(\d+)/.exec(log)?.[1];
  });
  const url = `http://127.0.0.1:${port}`;
  await until('the service to be ready', async () => (await fetch(`${url}/v2/health/ready`)).ok);
  return {
    url,
    child,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      const code = await exit;
      await rm(spoolFolder, { recursive: true, force: true });
      return code;
    },
  };
}
