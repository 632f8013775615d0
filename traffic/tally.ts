import { createLatency, type Latency } from './latency.js';

/** Numbers by name: HTTP status, reason of a failure, model and version. */
export type Counts = Record<string, number>;

/** What happened so far, in rows; once nothing is in flight, sent = acknowledged + refused + failed. */
export interface Tally {
  /** Rows sent, each counted once however often it was tried again. */
  sent: number;
  acknowledged: number;
  /** Rows whose last answer was an HTTP status other than 2xx, by status. */
  refusedByStatus: Counts;
  /** Rows without a usable answer, by reason. */
  failedByReason: Counts;
  /** Acknowledged rows by `model/version`. */
  versions: Counts;
  /** Requests tried again after a 429 or 503. */
  retries: number;
  outcomesSent: number;
  outcomesRefusedByStatus: Counts;
  outcomesFailedByReason: Counts;
  /** Of acknowledged requests, from the first byte sent to the last received, without waits between attempts. */
  latency: Latency;
  /** First and last acknowledgement, milliseconds since 1970. */
  firstAt: number | null;
  lastAt: number | null;
}

/** A tally of nothing. */
export function createTally(): Tally {
  return {
    sent: 0,
    acknowledged: 0,
    refusedByStatus: {},
    failedByReason: {},
    versions: {},
    retries: 0,
    outcomesSent: 0,
    outcomesRefusedByStatus: {},
    outcomesFailedByReason: {},
    latency: createLatency(),
    firstAt: null,
    lastAt: null,
  };
}

/** Adds to one of the counts. */
export function addTo(counts: Counts, name: string | number, amount: number): void {
  counts[name] = (counts[name] ?? 0) + amount;
}

/** Sum of the counts. */
export function sumOf(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
