import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { packagePath } from '../../core/package-path.js';

/**
 * Path of a program that a test needs, under any of its names. Where it is missing: in CI the test fails with the command
 * that installs it; elsewhere undefined, and the test is skipped (`test.skipIf(!tool)`).
 * @throws Error in CI when the program is not on the PATH
 */
export function findTool(names: string | string[], install: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = [names].flat().flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = paths.find((path) => existsSync(path));
  if (!found && process.env.CI) throw new Error(`${[names].flat()[0]} is not on the PATH; install it with: ${install}`);
  return found;
}

/** Path of a real data file, from the folder TEST_DATA_FOLDER (default: ../shared/data beside the checkout); undefined where it is not there. */
export function findData(name: string): string | undefined {
  const path = join(process.env.TEST_DATA_FOLDER ?? resolve(packagePath('.'), '../shared/data'), name);
  return existsSync(path) ? path : undefined;
}
