import type { IncomingMessage } from 'node:http';
import { parseRequestSource, type RequestSource, SOURCE_HEADER } from '../../core/request-source.js';
import type { ServerSpan } from '../../core/telemetry/server-span.js';
import type { Tracing } from '../../core/telemetry/tracing.js';
import { readHeader } from './read-header.js';

/** What identifies a request in answers, rows, logs and traces. */
export interface RequestContext {
  request: IncomingMessage;
  /** When it came, as `performance.now()` says it. */
  started: number;
  requestId: string;
  /** 32 hex digits: of the caller's W3C trace context, or made here while tracing is on; null when there is neither. */
  traceId: string | null;
  /** Only where the trace is recorded. */
  span: ServerSpan | undefined;
  /** Whether its rows are live ones, or of a file that is scored. */
  source: RequestSource;
}

const SANE_ID = /^[\w.:@/+=-]{1,128}$/;

/** Begins a request: reads `x-request-id`, making one where it is absent or unfit, and finds its place in a trace. */
export function readContext(
  request: IncomingMessage,
  { newId, tracing }: { newId: () => string; tracing: Tracing },
): RequestContext {
  const started = performance.now();
  const given = readHeader(request, 'x-request-id');
  const { traceId, span } = tracing.begin(request, started, readHeader(request, 'traceparent'));
  const requestId = given !== undefined && SANE_ID.test(given) ? given : newId();
  const source = parseRequestSource(readHeader(request, SOURCE_HEADER));
  return { request, started, requestId, traceId, span, source };
}
