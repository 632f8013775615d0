import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { freePort } from '../../../core/http/free-port.js';
import { createConnectionKeeper } from '../../../service/workers/connection-keeper.js';
import { ask } from '../../helpers/service-process.js';
import { until } from '../../helpers/until.js';

// Node's real cluster: that a connection is neither lost nor left open rests on messages that Node does not document.
const ANSWER_WITH_PID = `
  import { createServer } from 'node:http';
  const [port] = process.argv.slice(2);
  createServer((_, response) => response.end(String(process.pid))).listen(Number(port), '127.0.0.1');
`;
let folder: string;
let port: number;
let workers: Worker[];
let start: () => Promise<Worker>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plumbline-workers-'));
  const exec = join(folder, 'worker.mjs');
  await writeFile(exec, ANSWER_WITH_PID);
  port = await freePort();
  cluster.schedulingPolicy = cluster.SCHED_RR;
  cluster.setupPrimary({ exec, args: [String(port)], execArgv: [] });
  const keepConnections = createConnectionKeeper();
  start = async () => {
    const worker = cluster.fork();
    keepConnections(worker.process);
    await once(worker, 'listening');
    return worker;
  };
  workers = [await start(), await start()];
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => kill(worker)));
  await rm(folder, { recursive: true });
});

async function kill({ process: child }: Worker): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Whether a process is stopped by a signal (proc(5)). */
function isStopped(pid: number): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat[stat.lastIndexOf(')') + 2] === 'T';
}

/** Stops the first worker and asks until a connection waits in its hands: the second has answered all others. */
async function askWithOneWaiting(): Promise<{ answers: string[]; all: Promise<PromiseSettledResult<void>[]> }> {
  const answers: string[] = [];
  const { process: child } = workers[0]!;
  child.kill('SIGSTOP');
  // What runs just now stops only when the kernel comes to it.
  await until('the worker to be stopped', () => isStopped(child.pid!));
  const asked = Array.from({ length: 5 }, async () => {
    answers.push((await ask(port, { path: '/' })).body);
  });
  const all = Promise.allSettled(asked);
  await until('all but one to be answered', () => answers.length === 4);
  return { answers, all };
}

test('a connection whose worker is killed before it takes it is answered by another', async () => {
  const { answers, all } = await askWithOneWaiting();
  await kill(workers[0]!);
  await all;
  expect(answers).toEqual(new Array(5).fill(String(workers[1]!.process.pid)));
  // The dead one is off the list: all that comes now goes to the other, too.
  for (let i = 0; i < 3; i++) expect((await ask(port, { path: '/' })).body).toBe(answers[0]);
});

test('it is closed when no other worker listens', async () => {
  const { answers, all } = await askWithOneWaiting();
  await kill(workers[1]!);
  await kill(workers[0]!);
  const lost = (await all).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
  expect(answers).toHaveLength(4);
  expect(lost.map(({ reason }) => String(reason))).toEqual([expect.stringMatching(/ECONNRESET|socket hang up/)]);
  workers.push(await start());
  expect((await ask(port, { path: '/' })).body).toBe(String(workers.at(-1)!.process.pid));
});

test('a message to a worker that has died does not end the primary', async () => {
  const { process: child } = workers[0]!;
  const failed: unknown[] = [];
  workers[0]!.on('error', (error) => failed.push(error));
  await kill(workers[0]!);
  child.send('anything');
  await new Promise(setImmediate);
  expect(failed).toEqual([]);
});
