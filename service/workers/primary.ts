import type { Registry } from 'prom-client';
import type { Logger } from '../../core/telemetry/logger.js';
import { createEndedWorkers } from './ended-workers.js';
import type { Question } from './line.js';
import { type Snapshot, sumSnapshots, takeSnapshot } from './sum-snapshots.js';
import type { WorkerHandle } from './worker.js';
import type { WorkerMetrics } from './worker-metrics.js';

/** Keeps the workers of a service running. */
export interface Primary {
  /** Starts them; resolves when all listen. @throws Error when one ends before that */
  start(): Promise<void>;
  /** Puts a new worker in the place of each, one after the other: it is loaded before the old one goes. */
  replaceAll(): Promise<void>;
  /** Ends them in good order; kills what has not ended after `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

const FIRST_PAUSE_MS = 200;
const LAST_PAUSE_MS = 10_000;
/** A worker that lived so long begins again with the first pause. */
const STEADY_MS = 60_000;
/** A new version of a model may have to be read and warmed. */
const REPLACE_MS = 120_000;

/**
 * Creates the primary of `count` workers.
 * @param options.fork  forks a worker; one that is to listen `whenReady` waits for its models
 * @param options.metrics  the primary's own, added to those of the workers
 */
export function createPrimary(options: {
  count: number;
  fork: (whenReady: boolean, answer: (question: Question) => Promise<unknown>) => WorkerHandle;
  metrics: Registry;
  workerMetrics: WorkerMetrics;
  logger: Logger;
}): Primary {
  const { count, fork, metrics, workerMetrics, logger } = options;
  const running = new Set<WorkerHandle>();
  const places = new Set<WorkerHandle>();
  const endedWorkers = createEndedWorkers();
  let stopping = false;
  let started = false;
  let replacing = false;
  let pauseMs = FIRST_PAUSE_MS;
  const pauses = new Set<NodeJS.Timeout>();

  const readMetrics = async (): Promise<Snapshot> => {
    const [own, ...live] = await Promise.all([
      takeSnapshot(metrics),
      ...[...running].map((worker) => worker.metrics()),
    ]);
    return sumSnapshots([...live, endedWorkers.sums(live), own]);
  };
  workerMetrics.watch(() => running.size);
  const areReady = async (): Promise<boolean> => {
    if (stopping) return false;
    const ready = await Promise.all([...places].map((worker) => worker.isReady()));
    return ready.filter(Boolean).length >= count;
  };
  const answer = (question: Question): Promise<unknown> => (question === 'ready' ? areReady() : readMetrics());

  const startOne = (whenReady: boolean): WorkerHandle => {
    const worker = fork(whenReady, answer);
    const startedAt = performance.now();
    running.add(worker);
    places.add(worker);
    void worker.ended.then((how) => {
      running.delete(worker);
      endedWorkers.add(worker.lastMetrics());
      // One that is not in its place any more was asked to go.
      if (!places.delete(worker)) return workerMetrics.ended('replaced');
      if (stopping || !started) return;
      workerMetrics.ended('died');
      if (performance.now() - startedAt >= STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      logger.error({ worker: worker.pid, how, pauseMs }, 'a worker has ended, starting another');
      startLater();
    });
    return worker;
  };
  const startLater = (): void => {
    const timer = setTimeout(() => {
      pauses.delete(timer);
      if (places.size < count) startOne(places.size > 0);
    }, pauseMs);
    pauses.add(timer);
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  };
  const replace = async (old: WorkerHandle): Promise<boolean> => {
    if (!places.has(old)) return true;
    const next = startOne(true);
    const listens = await withTimeout(next.listening, REPLACE_MS);
    if (!listens || stopping) {
      places.delete(next);
      next.end('SIGTERM');
      return false;
    }
    places.delete(old);
    old.end('retire');
    await old.ended;
    return true;
  };
  return {
    start: async () => {
      const workers = Array.from({ length: count }, () => startOne(false));
      const listen = await Promise.all(workers.map((worker) => worker.listening));
      if (!stopping && listen.includes(false)) {
        stopping = true;
        for (const worker of workers) worker.end('SIGTERM');
        throw new Error('a worker ended before it listened; what it said stands above', { cause: 'child' });
      }
      started = true;
      // One may have died between.
      for (let missing = count - places.size; missing > 0 && !stopping; missing--) startLater();
    },
    replaceAll: async () => {
      if (replacing || stopping) return;
      replacing = true;
      logger.info({ workers: count }, 'replacing the workers one after the other');
      for (const worker of [...places]) {
        if (await replace(worker)) continue;
        if (!stopping) logger.error({ worker: worker.pid }, 'a new worker did not come up; the old ones go on');
        break;
      }
      replacing = false;
      logger.info({ workers: [...places].map(({ pid }) => pid) }, 'replacing the workers is over');
    },
    close: async (timeoutMs) => {
      stopping = true;
      for (const timer of pauses) clearTimeout(timer);
      const all = [...running];
      for (const worker of all) worker.end('SIGTERM');
      const kill = setTimeout(() => {
        for (const worker of all) worker.end('SIGKILL');
      }, timeoutMs);
      await Promise.all(all.map((worker) => worker.ended));
      clearTimeout(kill);
    },
  };
}

async function withTimeout(work: Promise<boolean>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
