import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compiledPath } from '../../core/package-path.js';
import type { Pool } from '../../core/postgres/pool.js';
import { loadProject } from '../../core/project/load.js';
import { addModel } from '../../core/project/register.js';
import { trainProject } from '../../core/project/train-project.js';
import { loadChampion } from '../../core/registry/versions.js';

const run = promisify(execFile);

/** Prepares, trains and registers an example the first time; later starts find it registered. @returns what was done, in words */
export async function ensureExample(options: {
  pool: Pool;
  home: string;
  example: string;
  csv: string | undefined;
  seed: number;
  say: (line: string) => void;
}): Promise<void> {
  const { pool, example, seed, say } = options;
  const champion = await loadChampion(pool, example);
  if (champion) {
    say(`${example}: version ${champion.modelVersion} is the champion`);
    return;
  }
  const folder = exampleFolder(options.home, example);
  const args = ['--output', folder, '--seed', String(seed), ...(options.csv ? ['--csv', options.csv] : [])];
  say(`${example}: preparing ${options.csv ?? 'generated rows'}`);
  await run(process.execPath, [compiledPath(`examples/${example}/prepare.js`), ...args]).catch(
    (error: { stderr?: string; message: string }) => {
      throw new Error(error.stderr?.trim() || error.message, { cause: 'prepare' });
    },
  );
  say(`${example}: training`);
  await trainProject(folder, seed);
  const version = await addModel(pool, await loadProject(folder), 'plumbline example');
  say(`${example}: version ${version} is the champion`);
}

/** Where an example's project and test rows are kept. */
export function exampleFolder(home: string, example: string): string {
  return join(home, 'examples', example);
}
