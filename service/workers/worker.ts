import type { Worker } from 'node:cluster';
import { createLine, type Question } from './line.js';
import type { Snapshot } from './sum-snapshots.js';

/** A worker as its primary sees it. */
export interface WorkerHandle {
  pid: number;
  /** Resolves once it listens; to false when it ends before. */
  listening: Promise<boolean>;
  /** Resolves when it has ended, with how. */
  ended: Promise<string>;
  isRunning(): boolean;
  isReady(): Promise<boolean>;
  /** Its metrics now; those of before where it does not tell in time. */
  metrics(): Promise<Snapshot>;
  /** The last that is known of its metrics. */
  lastMetrics(): Snapshot;
  /** Asks it to end in good order: `retire` when another has taken its place. */
  end(how: 'SIGTERM' | 'SIGKILL' | 'retire'): void;
}

const READY_MS = 1_000;
const METRICS_MS = 3_000;

/** Follows a forked worker. @param answer  answers its questions about all workers */
export function followWorker(worker: Worker, answer: (question: Question) => Promise<unknown>): WorkerHandle {
  let last: Snapshot = [];
  let running = true;
  const line = createLine({
    send: (message) => {
      // The callback keeps an error of a channel that has just closed from ending the primary.
      if (worker.isConnected()) worker.process.send(message, undefined, undefined, () => undefined);
    },
    answer,
    onMessage: (message) => {
      if (message.plumbline === 'last') last = message.value as Snapshot;
    },
  });
  worker.on('message', line.receive);
  const ended = new Promise<string>((resolve) => {
    worker.once('exit', (code, signal) => {
      running = false;
      resolve(signal ? `signal ${signal}` : `exit code ${code}`);
    });
  });
  return {
    pid: worker.process.pid!,
    listening: Promise.race([
      new Promise<boolean>((resolve) => worker.once('listening', () => resolve(true))),
      ended.then(() => false),
    ]),
    ended,
    isRunning: () => running,
    isReady: async () => (await line.ask('ready', READY_MS)) === true,
    metrics: async () => {
      const told = (await line.ask('metrics', METRICS_MS)) as Snapshot | undefined;
      if (told && running) last = told;
      return last;
    },
    lastMetrics: () => last,
    end: (how) => {
      if (!running) return;
      if (how !== 'retire') worker.process.kill(how);
      else if (worker.isConnected())
        worker.process.send({ plumbline: 'retire' }, undefined, undefined, () => undefined);
    },
  };
}
