import { formatRequest } from './connection.js';
import { openConnections } from './connections.js';

/** A load at a fixed rate. */
export interface PacedLoad {
  port: number;
  path: string;
  bodies: string[];
  /** Opened before the first request. */
  connections: number;
  /** Opened at most, one at a time when a request is due and none is free; `connections` when left out. */
  mostConnections?: number;
  requestsPerSecond: number;
  /** Without it, until `signal` is aborted. */
  seconds?: number;
  signal?: AbortSignal;
}

/** What became of the requests of a load. */
export interface PacedOutcome {
  /** Requests that were due. */
  due: number;
  /** From the first due instant to the end of the last answer. */
  seconds: number;
  /** In the order of the answers. */
  answers: PacedAnswer[];
  /** Why connections were lost with a request on it, one for each. */
  lost: string[];
  /** Connections open at the end. */
  connections: number;
}

/** An answered request. */
export interface PacedAnswer {
  status: number;
  /** Since the first request was due. */
  dueMs: number;
  /** From the instant it was due. */
  latencyMs: number;
}

/** Longest nap between two looks at the sockets while answers are awaited: latencies are exact to about twice that. */
const BUSY_NAP_MS = 0.05;
const IDLE_NAP_MS = 1;
const GRACE_MS = 10_000;

/**
 * Sends requests at evenly spaced instants, whether or not the server keeps up (an open loop); after the last was sent it
 * waits ten seconds at most for answers. Latency counts from the instant a request was due, so that a stalled server is
 * charged for the requests that had to wait for a connection (no coordinated omission). A lost connection is opened again.
 * @throws Error when a connection cannot be opened
 */
export async function sendPaced(load: PacedLoad): Promise<PacedOutcome> {
  const requests = load.bodies.map((body) => formatRequest(load.path, load.port, body));
  const intervalMs = 1_000 / load.requestsPerSecond;
  let due = load.seconds === undefined ? Infinity : Math.max(1, Math.round(load.requestsPerSecond * load.seconds));
  const answers: PacedAnswer[] = [];
  const lost: string[] = [];
  let sent = 0;
  let lastSentMs = 0;
  let startMs = 0;
  const connections = await openConnections({
    port: load.port,
    least: load.connections,
    most: load.mostConnections ?? load.connections,
    onAnswer: (status, at) => {
      answers.push({ status, dueMs: at - startMs, latencyMs: performance.now() - at });
    },
    onLost: (reason) => lost.push(reason),
  });
  startMs = performance.now();
  const dueMs = (request: number): number => startMs + request * intervalMs;
  const isDue = (): boolean => sent < due && dueMs(sent) <= performance.now();
  while (answers.length + lost.length < due) {
    if (load.signal?.aborted) due = Math.min(due, sent);
    while (isDue() && connections.send(requests[sent % requests.length]!, dueMs(sent))) {
      sent++;
      lastSentMs = performance.now();
    }
    connections.tend(isDue() && !connections.hasIdle());
    if (due !== Infinity && performance.now() > Math.max(dueMs(due), lastSentMs) + GRACE_MS) break;
    // A timer of Node is exact to a millisecond only.
    const untilDueMs = connections.hasIdle() ? Math.max(0, dueMs(sent) - performance.now()) : BUSY_NAP_MS;
    nap(Math.min(connections.isBusy() ? BUSY_NAP_MS : IDLE_NAP_MS, untilDueMs));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - startMs) / 1_000;
  connections.close();
  return { due, seconds, answers, lost, connections: connections.count() };
}

const napper = new Int32Array(new SharedArrayBuffer(4));

function nap(ms: number): void {
  Atomics.wait(napper, 0, 0, ms);
}
