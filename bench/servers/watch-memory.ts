import { median } from '../median.js';
import { readUsage } from './usage.js';

const EVERY_MS = 500;

/** Resident memory of a server at an instant. */
export interface MemorySample {
  /** Since the watch began. */
  seconds: number;
  megabytes: number;
}

/** Reads a server's memory now, twice a second, and once more when stopped. */
export async function watchMemory(pid: number): Promise<{ stop: () => Promise<MemorySample[]> }> {
  const startedMs = performance.now();
  const samples: MemorySample[] = [];
  let reading = Promise.resolve();
  const read = async (): Promise<void> => {
    const { rssMegabytes: megabytes } = await readUsage(pid);
    samples.push({ seconds: (performance.now() - startedMs) / 1_000, megabytes });
  };
  await read();
  const timer = setInterval(() => {
    reading = reading.then(read);
  }, EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      await reading;
      await read();
      return samples;
    },
  };
}

/** Median of the samples within 5 % of an instant: one alone may be just before or after a garbage collection. */
export function megabytesAt(samples: readonly MemorySample[], seconds: number): number {
  const near = samples.filter((sample) => Math.abs(sample.seconds - seconds) <= Math.max(1, seconds * 0.05));
  return median(near.map(({ megabytes }) => megabytes));
}
