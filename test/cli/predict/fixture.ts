import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../cli/predict/post.js';
import { type PredictOptions, predictFile } from '../../../cli/predict/predict-file.js';

/** A folder for the files of a test file. */
export async function createFolder(): Promise<{ path(name: string): string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-predict-'));
  return { path: (name) => join(folder, name), remove: () => rm(folder, { recursive: true, force: true }) };
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
