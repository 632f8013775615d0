import { expect, test } from 'vitest';
import { megabytesAt, watchMemory } from '../../../bench/servers/watch-memory.js';

test('memory at an instant is the median of the samples near it', () => {
  const samples = [100, 105, 110, 115, 116, 130].map((seconds, i) => ({
    seconds,
    megabytes: [1, 50, 60, 99, 70, 2][i]!,
  }));
  expect(megabytesAt(samples, 111)).toBe(70);
});

test.runIf(process.platform === 'linux')('reads the memory of a process at the start and at the end', async () => {
  const samples = await (await watchMemory(process.pid)).stop();
  expect(samples.length).toBeGreaterThanOrEqual(2);
  expect(Math.min(...samples.map(({ megabytes }) => megabytes))).toBeGreaterThan(20);
});
