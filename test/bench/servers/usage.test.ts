import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { parseCore } from '../../../bench/servers/core.js';
import { parseRss, parseStat, readUsage } from '../../../bench/servers/usage.js';

test('CPU time and parent of a process whose name has spaces and brackets', () => {
  const stat = '42 (a (b) c) S 7 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 1000';
  expect(parseStat(stat)).toEqual({ parent: 7, cpuSeconds: 3 });
});

test('resident memory, and none for a process of the kernel', () => {
  expect(parseRss('Name:\tnode\nVmRSS:\t  125000 kB\n')).toBe(128);
  expect(parseRss('Name:\tkthreadd\n')).toBe(0);
});

test('times of a core: waiting for disks is not busy, stolen time is', () => {
  const stat = 'cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 100 0 50 700 100 10 20 20 5 0\ncpu1 0 0 0 1 0 0 0 0 0 0\n';
  expect(parseCore(stat, 0)).toEqual({ busySeconds: 2, totalSeconds: 10 });
  expect(() => parseCore(stat, 2)).toThrow('no core 2');
});

test.runIf(process.platform === 'linux')('counts the children of a process', async () => {
  const child = spawn('sh', ['-c', 'node -e "process.stdout.write(String(1)); setInterval(() => 0, 1000)"; true'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((done) => child.stdout.once('data', done));
  const usage = await readUsage(child.pid!);
  process.kill(-child.pid!, 'SIGKILL');
  // The shell alone would have some two megabytes.
  expect(usage.rssMegabytes).toBeGreaterThan(20);
});
