import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../../core/package-path.js';
import { ENVIRONMENTS, type EnvironmentName } from '../contestants/contestant.js';
import { runToEnd } from '../run-to-end.js';

/** A virtual environment, or why there is none. */
export type Environment = { folder: string; packages: string[] } | { reason: string };

/**
 * Makes a virtual environment with the pinned requirements of its folders, once: it is made again only when they
 * change. A failure is a result, not an error: the table tells it.
 */
export async function prepareEnvironment(name: EnvironmentName, cache: string): Promise<Environment> {
  const folder = join(cache, `venv-${name}`);
  const files = ENVIRONMENTS[name].map((path) => packagePath(`${path}/requirements.txt`));
  const stamp = join(folder, 'requirements.sha256');
  try {
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const digest = createHash('sha256').update(texts.join('\n')).digest('hex');
    if ((await readFile(stamp, 'utf8').catch(() => '')) !== digest) {
      await rm(folder, { recursive: true, force: true });
      await runToEnd('python3', ['-m', 'venv', folder]);
      await runToEnd(join(folder, 'bin/pip'), ['install', '--quiet', ...files.flatMap((file) => ['-r', file])]);
      await writeFile(stamp, digest);
    }
    const frozen = await runToEnd(join(folder, 'bin/pip'), ['freeze']);
    return { folder, packages: frozen.trim().split('\n') };
  } catch (error) {
    return { reason: `not installed: ${(error as Error).message}` };
  }
}

/** The environments of a run, by name. */
export type Environments = Map<EnvironmentName, Environment>;

/** Makes the environments that are needed. */
export async function prepareEnvironments(
  needed: readonly EnvironmentName[],
  cache: string,
  say: (line: string) => void,
): Promise<Environments> {
  const environments: Environments = new Map();
  for (const name of new Set(needed)) {
    say(`preparing the Python environment ${name}`);
    environments.set(name, await prepareEnvironment(name, cache));
  }
  return environments;
}

/** Where programs of an environment are. The function given back throws why there is no such environment. */
export function programOf(name: EnvironmentName | undefined, environments: Environments): (program: string) => string {
  return (program) => {
    const environment = name && environments.get(name);
    if (!environment) throw new Error(`the bench has no environment to run ${program} in`);
    if ('reason' in environment) throw new Error(environment.reason, { cause: 'environment' });
    return join(environment.folder, 'bin', program);
  };
}
