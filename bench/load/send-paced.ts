import { type Connection, formatRequest, openConnection } from './connection.js';

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
const NAP_MS = 0.05;
const GRACE_MS = 10_000;

interface Slot {
  connection: Connection | undefined;
  /** Instant at which its request was due; undefined while it carries none. */
  dueMs: number | undefined;
}

/**
 * Sends requests at evenly spaced instants, whether or not the server keeps up (an open loop), and waits ten seconds at
 * most for the last answers. Latency counts from the instant a request was due, so that a stalled server is charged for
 * the requests that had to wait for a connection (no coordinated omission). A lost connection is opened again.
 * @throws Error when a connection cannot be opened
 */
export async function sendPaced(load: PacedLoad): Promise<PacedOutcome> {
  const requests = load.bodies.map((body) => formatRequest(load.path, load.port, body));
  const most = load.mostConnections ?? load.connections;
  const intervalMs = 1_000 / load.requestsPerSecond;
  let due = load.seconds === undefined ? Infinity : Math.max(1, Math.round(load.requestsPerSecond * load.seconds));
  const answers: PacedAnswer[] = [];
  const lost: string[] = [];
  const idle: Slot[] = [];
  const open = new Set<Slot>();
  let failed: unknown;
  let sent = 0;
  let startMs = 0;
  const openSlot = async (): Promise<void> => {
    const slot: Slot = { connection: undefined, dueMs: undefined };
    open.add(slot);
    slot.connection = await openConnection({
      port: load.port,
      onAnswer: (status) => {
        answers.push({ status, dueMs: slot.dueMs! - startMs, latencyMs: performance.now() - slot.dueMs! });
        slot.dueMs = undefined;
        idle.push(slot);
      },
      onLost: (reason) => {
        if (slot.dueMs !== undefined) lost.push(reason);
        else idle.splice(idle.indexOf(slot), 1);
        open.delete(slot);
      },
    });
    idle.push(slot);
  };
  let opening = 0;
  const openOne = (): void => {
    opening++;
    openSlot().then(
      () => opening--,
      (error: unknown) => {
        failed = error;
      },
    );
  };
  for (let i = 0; i < load.connections; i++) await openSlot();
  startMs = performance.now();
  const dueMs = (request: number): number => startMs + request * intervalMs;
  const nap = new Int32Array(new SharedArrayBuffer(4));
  while (answers.length + lost.length < due && failed === undefined) {
    if (load.signal?.aborted) due = Math.min(due, sent);
    while (idle.length > 0 && sent < due && dueMs(sent) <= performance.now()) {
      const slot = idle.pop()!;
      slot.dueMs = dueMs(sent);
      slot.connection!.send(requests[sent++ % requests.length]!);
    }
    const waits = sent < due && dueMs(sent) <= performance.now();
    if (opening === 0 && (open.size < load.connections || (waits && open.size < most))) openOne();
    if (due !== Infinity && performance.now() > dueMs(due) + GRACE_MS) break;
    // A timer of Node is exact to a millisecond only.
    const untilDueMs = waits ? 0 : Math.max(0, dueMs(sent) - performance.now());
    Atomics.wait(nap, 0, 0, open.size > idle.length ? Math.min(NAP_MS, untilDueMs) : Math.min(1, untilDueMs));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const seconds = (performance.now() - startMs) / 1_000;
  for (const { connection } of open) connection?.close();
  if (failed !== undefined) throw new Error('a connection to the server could not be opened', { cause: failed });
  return { due, seconds, answers, lost, connections: open.size };
}
