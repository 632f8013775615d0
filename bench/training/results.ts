import { readFile, writeFile } from 'node:fs/promises';
import type { SplitResult } from './compare-one.js';
import type { Timed } from './time-one.js';

/** All that was measured so far; every piece is written as soon as it is there, so that a broken-off run goes on. */
export interface TrainingResults {
  /** By data set, then by seed. */
  splits: Record<string, Record<string, SplitResult>>;
  times: Timed[];
  /** Of the Python packages. */
  packages: string[];
}

/** What a file holds, or nothing yet. */
export async function readTrainingResults(path: string): Promise<TrainingResults> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? { splits: {}, times: [], packages: [] } : (JSON.parse(text) as TrainingResults);
}

/** Writes them. */
export async function writeTrainingResults(path: string, results: TrainingResults): Promise<void> {
  await writeFile(path, `${JSON.stringify(results, null, 2)}\n`);
}
