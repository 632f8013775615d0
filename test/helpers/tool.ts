import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { TestContext } from 'vitest';
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

function dataFolder(): string {
  return process.env.TEST_DATA_FOLDER ?? resolve(packagePath('.'), '../shared/data');
}

/** Path of a real data file, from the folder TEST_DATA_FOLDER (default: ../shared/data beside the checkout); undefined where it is not there. */
export function findData(name: string): string | undefined {
  const path = join(dataFolder(), name);
  return existsSync(path) ? path : undefined;
}

/**
 * Path of a real data file that a test needs. Where it is not there, in CI too, the test is listed as skipped, and what is
 * printed beside its name says how to give the file: publishers' files are not part of this repository.
 */
export function needData({ skip }: Pick<TestContext, 'skip'>, name: string): string {
  const path = findData(name);
  if (path !== undefined) return path;
  const note = `skipped: ${name} is not in ${dataFolder()}; set TEST_DATA_FOLDER to the folder that has it`;
  console.warn(note);
  return skip(note);
}
