import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { packagePath } from './package-path.js';

const DIGITS = 12;

/**
 * Names the code in a folder: the package's version, and the first digits of the SHA-256 of all its program files, by which a
 * changed checkout differs from a release.
 * @param folder  its address, such as that of `.` against `import.meta.url`
 */
export async function codeVersion(folder: URL): Promise<string> {
  const { version } = JSON.parse(await readFile(packagePath('package.json'), 'utf8')) as { version: string };
  const hash = createHash('sha256');
  const names = await readdir(fileURLToPath(folder), { recursive: true });
  for (const name of names.filter((file) => /\.(js|ts|py)$/.test(file)).sort()) {
    hash.update(name.replaceAll('\\', '/')).update('\0');
    hash.update(await readFile(new URL(name.replaceAll('\\', '/'), folder)));
  }
  return `${version}+${hash.digest('hex').slice(0, DIGITS)}`;
}
