import type { Registry } from 'prom-client';
import { createLine, type Message } from './line.js';
import { type Snapshot, takeSnapshot, toRegistry } from './sum-snapshots.js';

/** What one process of the service tells about itself. */
export interface Member {
  /** Whether it can answer predictions. */
  isReady(): boolean;
  metrics: Registry;
}

/** The processes of a service together, as one of them sees them. */
export interface Team {
  /** Whether all of them can answer predictions. */
  isReady(): Promise<boolean>;
  /** The metrics of all of them as those of one. */
  readMetrics(): Promise<Registry>;
  /** Whether to listen only once models and keys are loaded, because others answer meanwhile. */
  listenWhenReady: boolean;
  /** Whether another process has taken this one's place. */
  isRetired(): boolean;
  /** Hands over what this process has counted; it ends. */
  leave(): Promise<void>;
}

/** Makes a process a member of its team. */
export type JoinTeam = (member: Member) => Team;

/** The team of a service that is one process. */
export const alone: JoinTeam = (member) => ({
  isReady: async () => member.isReady(),
  readMetrics: async () => member.metrics,
  listenWhenReady: false,
  isRetired: () => false,
  leave: async () => undefined,
});

/** On the command line of a worker that starts while others answer. */
export const LISTEN_WHEN_READY = '--listen-when-ready';

/** Longer than the primary waits for the slowest worker. */
const ASK_MS = 5_000;

/** What a worker needs of its process. */
export interface WorkerProcess {
  argv: readonly string[];
  send?(message: Message, handle: undefined, options: undefined, sent: () => void): unknown;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  emit(event: 'SIGTERM', signal: 'SIGTERM'): unknown;
}

/** Makes a worker a member of the team of the primary that forked it. */
export function workerOf(worker: WorkerProcess): JoinTeam {
  const send = (message: Message): Promise<void> =>
    new Promise((sent) => {
      if (worker.send) worker.send(message, undefined, undefined, sent);
      else sent();
    });
  return (member) => {
    let retired = false;
    const line = createLine({
      send: (message) => void send(message),
      answer: async (question) => (question === 'ready' ? member.isReady() : takeSnapshot(member.metrics)),
      onMessage: ({ plumbline }) => {
        if (plumbline !== 'retire') return;
        retired = true;
        worker.emit('SIGTERM', 'SIGTERM');
      },
    });
    worker.on('message', line.receive);
    return {
      isReady: async () => (await line.ask('ready', ASK_MS)) === true,
      readMetrics: async () => {
        const all = (await line.ask('metrics', ASK_MS)) as Snapshot | undefined;
        if (!all) throw new Error('the primary of this worker did not tell the metrics of all workers in time');
        return toRegistry(all, member.metrics);
      },
      listenWhenReady: worker.argv.includes(LISTEN_WHEN_READY),
      isRetired: () => retired,
      leave: async () => send({ plumbline: 'last', value: await takeSnapshot(member.metrics) }),
    };
  };
}
