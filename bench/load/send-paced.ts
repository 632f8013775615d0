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

/** Longest nap between two looks at the clock and the sockets: what the latencies are exact to, about. */
const NAP_MS = 0.05;
const GRACE_MS = 10_000;

/**
 * Sends requests at evenly spaced instants, whether or not the server keeps up (an open loop), and waits for all answers.
 * Latency counts from the instant a request was due, so that a stalled server is charged for the requests that had to
 * wait for a connection (no coordinated omission).
 * @throws Error when a connection is lost, or answers are missing ten seconds after the last request was due
 */
export async function sendPaced(load: PacedLoad): Promise<LoadReport> {
  const requests = load.bodies.map((body) => formatRequest(load.path, load.port, body));
  const total = Math.max(1, Math.round(load.requestsPerSecond * load.seconds));
  const intervalMs = 1_000 / load.requestsPerSecond;
  const latencies = new Float64Array(total);
  let sent = 0;
  let answered = 0;
  let refused = 0;
  let lost: string | undefined;
  const idle: { connection: Connection; dueMs: number }[] = [];
  const all: Connection[] = [];
  for (let i = 0; i < load.connections; i++) {
    const connection = await openConnection({
      port: load.port,
      onAnswer: (status) => {
        latencies[answered++] = performance.now() - slot.dueMs;
        if (status < 200 || status > 299) refused++;
        idle.push(slot);
      },
      onLost: (reason) => {
        lost = reason;
      },
    });
    const slot = { connection, dueMs: 0 };
    idle.push(slot);
    all.push(connection);
  }
  const startMs = performance.now();
  const sendDue = (): void => {
    while (idle.length > 0 && sent < total && startMs + sent * intervalMs <= performance.now()) {
      const slot = idle.pop()!;
      slot.dueMs = startMs + sent * intervalMs;
      slot.connection.send(requests[sent++ % requests.length]!);
    }
  };
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (answered < total) {
    sendDue();
    const lateMs = performance.now() - startMs - total * intervalMs;
    if (lost !== undefined || lateMs > GRACE_MS) {
      for (const connection of all) connection.close();
      throw new Error(`${answered} of ${total} requests were answered: ${lost ?? 'the rest took too long'}`, {
        cause: 'load',
      });
    }
    // A timer of Node is exact to a millisecond only.
    Atomics.wait(nap, 0, 0, NAP_MS);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const tookMs = performance.now() - startMs;
  for (const connection of all) connection.close();
  latencies.sort();
  return {
    requests: total,
    requestsPerSecond: (total / tookMs) * 1_000,
    p50Ms: atRank(latencies, 0.5),
    p99Ms: atRank(latencies, 0.99),
    maxMs: latencies[total - 1]!,
    refused,
    socketErrors: 0,
  };
}

/** The smallest value that at least a share `q` of the values does not exceed (nearest rank). */
function atRank(sorted: Float64Array, q: number): number {
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!;
}
