import type { IncomingMessage } from 'node:http';

/** What identifies a request in answers, rows and logs. */
export interface RequestContext {
  request: IncomingMessage;
  requestId: string;
  /** 32 hex digits of the caller's W3C trace context, or null. */
  traceId: string | null;
}

const SANE_ID = /^[\w.:@/+=-]{1,128}$/;
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

/** Reads `x-request-id`, making one where it is absent or unfit, and the trace id of `traceparent` (W3C Trace Context). */
export function readContext(request: IncomingMessage, newId: () => string): RequestContext {
  const given = request.headers['x-request-id'];
  const parent = request.headers.traceparent;
  return {
    request,
    requestId: typeof given === 'string' && SANE_ID.test(given) ? given : newId(),
    traceId: typeof parent === 'string' ? (TRACEPARENT.exec(parent)?.[1] ?? null) : null,
  };
}
