import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { lowerPriority } from '../../core/lower-priority.js';
import { until } from '../helpers/until.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process of several threads, and waits until they are there. */
async function startChild(detached: boolean): Promise<number> {
  const script = 'process.stdout.write("ready"); setInterval(() => undefined, 1_000);';
  const child = spawn(process.execPath, ['-e', script], { detached, stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await once(child.stdout!, 'data');
  return child.pid!;
}

const session = (pid: number | 'self'): string => readFileSync(`/proc/${pid}/autogroup`, 'utf8');

test.runIf(process.platform === 'linux')('lowers every thread, and never raises one', async () => {
  const pid = await startChild(false);
  const nice = (): number[] => readdirSync(`/proc/${pid}/task`).map((thread) => getPriority(Number(thread)));
  lowerPriority(pid);
  expect(nice().length).toBeGreaterThan(1);
  expect(new Set(nice())).toEqual(new Set([Math.max(5, getPriority())]));
  for (const thread of readdirSync(`/proc/${pid}/task`)) setPriority(Number(thread), 15);
  lowerPriority(pid);
  expect(new Set(nice())).toEqual(new Set([15]));
});

// Between sessions that Linux keeps apart, nice values alone mean nothing.
test.runIf(existsSync('/proc/self/autogroup'))('lowers a session by its leader, and no other', async () => {
  const before = session('self');
  lowerPriority(await startChild(false));
  expect(session('self')).toBe(before);
  const leader = await startChild(true);
  // Whoever has no privileges is refused while others change theirs.
  await until('the session to be lowered', async () => {
    lowerPriority(leader);
    return / nice 5$/m.test(session(leader));
  });
  expect(session('self')).toBe(before);
});

test('a process that is gone is of no matter', async () => {
  const pid = await startChild(false);
  const ended = once(children[0]!, 'exit');
  children[0]!.kill('SIGKILL');
  await ended;
  expect(() => lowerPriority(pid)).not.toThrow();
});
