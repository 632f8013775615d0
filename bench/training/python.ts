import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagePath } from '../../core/package-path.js';
import { runToEnd } from '../run-to-end.js';

/** Python with LightGBM and Optuna, in an environment of its own that is made once for its pinned requirements. */
export async function preparePython(cache: string): Promise<{ python: string; packages: string[] }> {
  const environment = join(cache, 'venv-training');
  const requirements = await readFile(packagePath('bench/training/lightgbm/requirements.txt'), 'utf8');
  const stamp = join(environment, 'requirements.sha256');
  const digest = createHash('sha256').update(requirements).digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) !== digest) {
    await rm(environment, { recursive: true, force: true });
    await runToEnd('python3', ['-m', 'venv', environment]);
    const file = packagePath('bench/training/lightgbm/requirements.txt');
    await runToEnd(join(environment, 'bin/pip'), ['install', '--quiet', '-r', file]);
    await writeFile(stamp, digest);
  }
  return { python: join(environment, 'bin/python'), packages: requirements.trim().split('\n') };
}
