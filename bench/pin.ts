import { availableParallelism } from 'node:os';
import { runToEnd } from './run-to-end.js';

/** Core of the server that is measured. */
export const SERVER_CORE = 0;
/** Core of everything else: load generators, Postgres, this program. */
export const LOAD_CORE = 1;

/** Pins this process, and so what it starts from now on, to the core of the load. */
export async function pinToLoadCore(): Promise<void> {
  await runToEnd('taskset', ['--all-tasks', '--cpu-list', '--pid', String(LOAD_CORE), String(process.pid)]);
}

/** Checks that what the benchmark needs is here. @throws Error that says what to install */
export async function assertTools(): Promise<void> {
  if (process.platform !== 'linux') {
    throw new Error(
      `the benchmark pins processes with taskset and reads /proc: it runs on Linux, not ${process.platform}`,
      {
        cause: 'platform',
      },
    );
  }
  if (availableParallelism() < 2) throw new Error('the benchmark needs two cores, here is one', { cause: 'cores' });
  const needed = { wrk: 'wrk', taskset: 'util-linux', python3: 'python3 and python3-venv' };
  for (const [program, packages] of Object.entries(needed)) {
    await runToEnd('sh', ['-c', `command -v ${program}`]).catch((error: unknown) => {
      throw new Error(`${program} is not installed; on Debian: apt-get install ${packages}`, { cause: error });
    });
  }
}
