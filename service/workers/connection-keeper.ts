import type { ChildProcess } from 'node:child_process';

/** What Node's own cluster messages hold, as far as it matters here. */
interface ClusterMessage {
  cmd?: string;
  act?: string;
  seq?: number;
  ack?: number;
}

interface Closable {
  close(): void;
}

const CLUSTER = 'NODE_CLUSTER';

/**
 * Creates what keeps a connection from being lost with the worker that it was handed to.
 *
 * Node's primary keeps its copy of a connection until the worker has answered that it takes it. One that is killed before
 * never answers: the connection would be neither closed nor handed to another, and its client would wait for good (`handoff` in
 * lib/internal/cluster/round_robin_handle.js; nodejs/node-v0.x-archive issue 7006, nodejs/node issue 21746). A worker answers before
 * it reads a byte, so such a connection is as new: here it is refused in the name of the worker, and Node hands it to the next, as it does for a worker that closes. With
 * no other that listens it is closed. This rests on messages that Node does not document, hence the test with its real cluster.
 * @returns is told of each worker as soon as it is forked; a worker has one server
 */
export function createConnectionKeeper(): (worker: ChildProcess) => void {
  const listening = new Set<ChildProcess>();
  return (worker) => {
    const untaken = new Map<number, Closable>();
    const send = worker.send.bind(worker) as (...values: unknown[]) => boolean;
    worker.send = (message: unknown, handle?: unknown, options?: unknown, sent?: unknown): boolean => {
      const { cmd, act, seq } = message as ClusterMessage;
      if (cmd === CLUSTER && act === 'newconn') untaken.set(seq!, handle as Closable);
      // Without a callback, a message to a worker that was killed just now would end the primary with EPIPE.
      return send(message, handle, options, sent ?? ignore);
    };
    worker.on('internalMessage', ({ act, ack }: ClusterMessage) => {
      if (act === 'listening') listening.add(worker);
      if (act === 'close') listening.delete(worker);
      if (ack !== undefined) untaken.delete(ack);
    });
    // After Node's own listener, which takes the worker off the list of those that are handed connections.
    worker.once('disconnect', () => {
      listening.delete(worker);
      for (const [seq, connection] of [...untaken]) {
        if (listening.size === 0) connection.close();
        else worker.emit('internalMessage', { cmd: CLUSTER, ack: seq, accepted: false });
      }
    });
  };
}

function ignore(): void {}
