import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of a file of this package that is not compiled (SQL, YAML), from source and from dist alike. */
export function packagePath(relative: string): string {
  return join(root(), relative);
}

/** Absolute path of a compiled entry, such as `service/main.js`, to be started as a process of its own. */
export function compiledPath(relative: string): string {
  return join(root(), 'dist', relative);
}

function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
