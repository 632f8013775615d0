import type { ChildProcess } from 'node:child_process';

/** What Node's own cluster messages hold, as far as it matters here. */
interface ClusterMessage {
  cmd?: string;
  act?: string;
  key?: string;
  seq?: number;
  ack?: number;
}

/** A connection that a worker was handed and has not answered for. */
interface Untaken {
  /** Of the server that it came to. */
  key: string;
  connection: { close(): void };
}

const CLUSTER = 'NODE_CLUSTER';

/**
 * Creates what keeps a connection from being lost with the worker that it was handed to.
 *
 * Node's primary keeps its copy of a connection until the worker has answered that it takes it. One that is killed before
 * never answers: the connection would be neither closed nor handed to another, and its client would wait for good (`handoff`
 * in lib/internal/cluster/round_robin_handle.js; nodejs/node-v0.x-archive issue 7006, nodejs/node issue 21746). A worker
 * answers before it reads a byte, so such a connection is as new. Here the dead worker's answers are given for it: that its
 * server is closed, and that it does not take the connection; Node then hands it to another, as it does for a worker that
 * closes. With no other that listens it is closed. This rests on messages that Node does not document, hence the test with
 * its real cluster.
 * @returns is told of each worker as soon as it is forked; a worker has one server
 */
export function createConnectionKeeper(): (worker: ChildProcess) => void {
  const listening = new Set<ChildProcess>();
  return (worker) => {
    const untaken = new Map<number, Untaken>();
    const send = worker.send.bind(worker) as (...values: unknown[]) => boolean;
    worker.send = (message: unknown, handle?: unknown, options?: unknown, sent?: unknown): boolean => {
      const { cmd, act, key, seq } = message as ClusterMessage;
      if (cmd === CLUSTER && act === 'newconn') {
        untaken.set(seq!, { key: key!, connection: handle as Untaken['connection'] });
      }
      // Without a callback, a message to a worker that was killed just now would end the primary with EPIPE.
      return send(message, handle, options, sent ?? ignore);
    };
    worker.on('internalMessage', ({ act, ack }: ClusterMessage) => {
      if (act === 'listening') listening.add(worker);
      if (act === 'close') listening.delete(worker);
      if (ack !== undefined) untaken.delete(ack);
    });
    worker.once('exit', () => listening.delete(worker));
    // Not before: what the worker said last has been read then. And "disconnect" waits for the answer that does not come.
    worker.once('close', () => {
      for (const [seq, { key, connection }] of [...untaken]) {
        worker.emit('internalMessage', { cmd: CLUSTER, act: 'close', key });
        if (listening.size === 0) connection.close();
        else worker.emit('internalMessage', { cmd: CLUSTER, ack: seq, accepted: false });
      }
    });
  };
}

function ignore(): void {}
