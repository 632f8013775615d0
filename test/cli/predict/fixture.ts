import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Clock } from '../../../cli/predict/post.js';
import { type PredictOptions, predictFile } from '../../../cli/predict/predict-file.js';

/** A folder for the files of a test file. */
export interface Folder {
  path(name: string): string;
  /** Names of the files that are begun under the name of this output. */
  partsOf(output: string): Promise<string[]>;
  remove(): Promise<void>;
}

export async function createFolder(): Promise<Folder> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-predict-'));
  return {
    path: (name) => join(folder, name),
    partsOf: async (output) =>
      (await readdir(folder)).filter((name) => name.startsWith(basename(output)) && name.endsWith('.part')),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A clock that waits for nobody. */
export function createFakeClock(): Clock & { waits: number[] } {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      waits.push(ms);
      now += ms;
    },
  };
}

type Given = Pick<PredictOptions, 'input' | 'output' | 'url'>;

/** Scores a file as the command does, with what a test does not care about filled in. */
export function score(options: Given & Partial<PredictOptions>): ReturnType<typeof predictFile> {
  return predictFile({
    batchRows: 100,
    source: 'batch',
    clock: createFakeClock(),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...options,
  });
}
