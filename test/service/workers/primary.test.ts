import { Registry } from 'prom-client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Question } from '../../../service/workers/line.js';
import { createPrimary } from '../../../service/workers/primary.js';
import type { WorkerHandle } from '../../../service/workers/worker.js';
import { createWorkerMetrics } from '../../../service/workers/worker-metrics.js';
import { silent } from '../harness.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface FakeWorker extends WorkerHandle {
  whenReady: boolean;
  told: string[];
  listen(): void;
  die(how?: string): void;
  ready: boolean;
}

/** A primary whose workers do as the test says. */
function createTeam(count: number) {
  const forked: FakeWorker[] = [];
  let question: ((question: Question) => Promise<unknown>) | undefined;
  const fork = (whenReady: boolean, answer: (question: Question) => Promise<unknown>): FakeWorker => {
    question = answer;
    let listens = (_: boolean): void => undefined;
    let ends = (_: string): void => undefined;
    let running = true;
    const worker: FakeWorker = {
      pid: forked.length + 1,
      whenReady,
      told: [],
      ready: true,
      listening: new Promise((resolve) => {
        listens = resolve;
      }),
      ended: new Promise((resolve) => {
        ends = resolve;
      }),
      isRunning: () => running,
      isReady: async () => running && worker.ready,
      metrics: async () => [],
      lastMetrics: () => [],
      end: (how) => void worker.told.push(how),
      listen: () => listens(true),
      die: (how = 'exit code 0') => {
        running = false;
        listens(false);
        ends(how);
      },
    };
    forked.push(worker);
    return worker;
  };
  const metrics = new Registry();
  const primary = createPrimary({ count, fork, metrics, workerMetrics: createWorkerMetrics(metrics), logger: silent });
  const ask = (what: Question) => question!(what);
  return { primary, forked, ask, pass: (ms: number) => vi.advanceTimersByTimeAsync(ms) };
}

async function startTeam(count: number) {
  const team = createTeam(count);
  const started = team.primary.start();
  for (const worker of team.forked) worker.listen();
  await started;
  return team;
}

test('is started when every worker listens, and fails when one ends before', async () => {
  const team = createTeam(2);
  const started = team.primary.start();
  expect(team.forked.map(({ whenReady }) => whenReady)).toEqual([false, false]);
  team.forked[0]!.listen();
  team.forked[1]!.die('exit code 1');
  await expect(started).rejects.toThrow('a worker ended before it listened');
  expect(team.forked[0]!.told).toEqual(['SIGTERM']);
  await team.pass(60_000);
  expect(team.forked).toHaveLength(2);
});

test('starts another for one that died, later each time, and at first pace again once one lived for long', async () => {
  const { forked, pass } = await startTeam(2);
  for (const pause of [200, 400, 800]) {
    const last = forked.at(-1)!;
    last.die('signal SIGKILL');
    await pass(pause - 1);
    expect(forked.at(-1)).toBe(last);
    await pass(1);
    expect(forked.at(-1)).not.toBe(last);
    expect(forked.at(-1)!.whenReady).toBe(true);
  }
  await pass(60_000);
  const { length } = forked;
  forked.at(-1)!.die();
  await pass(200);
  expect(forked).toHaveLength(length + 1);
});

test('lets a new worker listen at once when no other is left', async () => {
  const { forked, pass } = await startTeam(2);
  forked[0]!.die();
  forked[1]!.die();
  await pass(1_000);
  expect(forked.slice(2).map(({ whenReady }) => whenReady)).toEqual([false, true]);
});

test('is ready when as many workers as there should be are, and not while it ends', async () => {
  const { primary, forked, ask, pass } = await startTeam(2);
  expect(await ask('ready')).toBe(true);
  forked[0]!.ready = false;
  expect(await ask('ready')).toBe(false);
  forked[0]!.ready = true;
  forked[1]!.die();
  await pass(0);
  expect(await ask('ready')).toBe(false);
  await pass(200);
  expect(await ask('ready')).toBe(true);
  void primary.close(1_000);
  expect(await ask('ready')).toBe(false);
});

test('replaces workers one after the other, each once the new one listens', async () => {
  const { primary, forked, pass, ask } = await startTeam(2);
  const replaced = primary.replaceAll();
  void primary.replaceAll();
  await pass(0);
  expect(forked).toHaveLength(3);
  expect(forked[0]!.told).toEqual([]);
  forked[2]!.listen();
  await pass(0);
  expect([forked[0]!.told, forked.length]).toEqual([['retire'], 3]);
  forked[0]!.die();
  await pass(0);
  forked[3]!.listen();
  await pass(0);
  forked[1]!.die();
  await replaced;
  expect([forked[1]!.told, forked.length]).toEqual([['retire'], 4]);
  expect(await ask('ready')).toBe(true);
});

test('keeps the old workers when a new one does not come up', async () => {
  const { primary, forked, pass } = await startTeam(2);
  const replaced = primary.replaceAll();
  await pass(120_000);
  await replaced;
  expect([forked[0]!.told, forked[1]!.told, forked[2]!.told]).toEqual([[], [], ['SIGTERM']]);
  forked[2]!.die();
  await pass(60_000);
  expect(forked).toHaveLength(3);
});

test('ends all, and kills what does not end in time', async () => {
  const { primary, forked, pass } = await startTeam(2);
  const closed = primary.close(5_000);
  forked[0]!.die();
  await pass(5_000);
  expect(forked.map(({ told }) => told)).toEqual([
    ['SIGTERM', 'SIGKILL'],
    ['SIGTERM', 'SIGKILL'],
  ]);
  forked[1]!.die('signal SIGKILL');
  await closed;
  await pass(60_000);
  expect(forked).toHaveLength(2);
});
