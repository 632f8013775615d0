import { readFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import { packagePath } from '../../core/package-path.js';
import { runToEnd } from '../run-to-end.js';

/** Where and with what was measured. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGib: number;
  system: string;
  node: string;
  wrk: string;
  python: string;
  /** Commit of this checkout, with "+" when files differ from it. */
  commit: string;
}

/** Reads what the machine and its programs say of themselves. */
export async function describeMachine(): Promise<Machine> {
  const os = await readFile('/etc/os-release', 'utf8').catch(() => '');
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGib: Math.round(totalmem() / 1024 ** 3),
    system: /^PRETTY_NAME="(.*)"$/m.exec(os)?.[1] ?? 'Linux',
    node: process.version,
    // `wrk -v` exits with an error.
    wrk: (await runToEnd('sh', ['-c', 'wrk -v 2>&1 | head -1'])).split(' ').slice(0, 2).join(' '),
    python: (await runToEnd('python3', ['--version'])).trim(),
    commit: await commit(),
  };
}

/** Load averages of the last 1, 5 and 15 minutes. */
export function loadAverage(): string {
  return loadavg()
    .map((load) => load.toFixed(2))
    .join(' ');
}

/** Commit of this checkout, with "+" when files differ from it. */
export async function commit(): Promise<string> {
  const git = (...args: string[]): Promise<string> => runToEnd('git', ['-C', packagePath('.'), ...args]);
  try {
    // The document itself changes while it is made.
    const files = ['--', '.', ':!docs/benchmarks.*'];
    const changed = await git('status', '--porcelain', '--untracked-files=no', ...files);
    return `${(await git('rev-parse', '--short=10', 'HEAD')).trim()}${changed.trim() ? '+' : ''}`;
  } catch {
    return 'not a checkout';
  }
}
