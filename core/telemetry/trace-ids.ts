import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
const POOL_BYTES = 4_096;

/** Makes ids of traces and spans as W3C Trace Context wants them: random, in lower-case hex, never all zero. */
export interface TraceIds {
  /** 32 hex digits. */
  traceId(): string;
  /** 16 hex digits. */
  spanId(): string;
}

/** Takes random bytes from a pool that is filled many ids at a time: a call to the system for each id would cost more than the id. */
export function createTraceIds(fillRandom: (bytes: Buffer) => unknown = randomFillSync): TraceIds {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  const take = (bytes: number): string => {
    for (;;) {
      if (used + bytes > POOL_BYTES) {
        fillRandom(pool);
        used = 0;
      }
      const id = pool.toString('hex', used, used + bytes);
      used += bytes;
      if (/[^0]/.test(id)) return id;
    }
  };
  return { traceId: () => take(TRACE_BYTES), spanId: () => take(SPAN_BYTES) };
}
