import { type Connection, formatRequest, openConnection } from './connection.js';
import type { LoadReport } from './parse-wrk.js';

/** A load at a fixed rate. */
export interface PacedLoad {
  port: number;
  path: string;
  bodies: string[];
  connections: number;
  requestsPerSecond: number;
  seconds: number;
}

/** Longest nap between two looks at the sockets while answers are awaited: latencies are exact to about twice that. */
const NAP_MS = 0.05;
const GRACE_MS = 10_000;

interface Slot {
  connection: Connection;
  /** Instant at which its request was due; undefined while it carries none. */
  dueMs: number | undefined;
}

/**
 * Sends requests at evenly spaced instants, whether or not the server keeps up (an open loop), and waits for all answers.
 * Latency counts from the instant a request was due, so that a stalled server is charged for the requests that had to
 * wait for a connection (no coordinated omission). A connection that the server closes while idle is opened again.
 * @throws Error when a connection is lost with a request on it, or answers are missing ten seconds after the last was due
 */
export async function sendPaced(load: PacedLoad): Promise<LoadReport> {
  const requests = load.bodies.map((body) => formatRequest(load.path, load.port, body));
  const total = Math.max(1, Math.round(load.requestsPerSecond * load.seconds));
  const intervalMs = 1_000 / load.requestsPerSecond;
  const latencies: number[] = [];
  const idle: Slot[] = [];
  let sent = 0;
  let refused = 0;
  let opening = load.connections;
  let lost: string | undefined;
  const open = async (): Promise<void> => {
    const slot: Slot = {
      dueMs: undefined,
      connection: await openConnection({
        port: load.port,
        onAnswer: (status) => {
          latencies.push(performance.now() - slot.dueMs!);
          if (status < 200 || status > 299) refused++;
          slot.dueMs = undefined;
          idle.push(slot);
        },
        onLost: (reason) => {
          if (slot.dueMs !== undefined) lost = reason;
          else idle.splice(idle.indexOf(slot), 1);
          opening++;
        },
      }),
    };
    idle.push(slot);
  };
  const startMs = performance.now();
  const dueMs = (request: number): number => startMs + request * intervalMs;
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (latencies.length < total) {
    for (; opening > 0; opening--) await open();
    while (idle.length > 0 && sent < total && dueMs(sent) <= performance.now()) {
      const slot = idle.pop()!;
      slot.dueMs = dueMs(sent);
      slot.connection.send(requests[sent++ % requests.length]!);
    }
    if (lost !== undefined || performance.now() > dueMs(total) + GRACE_MS) break;
    // A timer of Node is exact to a millisecond only.
    const untilDueMs = Math.max(0, dueMs(sent) - performance.now());
    Atomics.wait(nap, 0, 0, sent > latencies.length ? Math.min(NAP_MS, untilDueMs) : Math.min(1, untilDueMs));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - startMs) / 1_000;
  for (const { connection } of idle) connection.close();
  if (latencies.length < total) {
    const reason = lost ?? 'the rest took too long';
    throw new Error(`${latencies.length} of ${total} requests were answered: ${reason}`, { cause: 'load' });
  }
  latencies.sort((a, b) => a - b);
  return {
    requests: total,
    requestsPerSecond: total / seconds,
    p50Ms: atRank(latencies, 0.5),
    p99Ms: atRank(latencies, 0.99),
    maxMs: latencies[total - 1]!,
    refused,
    socketErrors: 0,
  };
}

/** The smallest value that at least a share `q` of the values does not exceed (nearest rank). */
export function atRank(sorted: readonly number[], q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}
