import type { IncomingMessage } from 'node:http';
import type { Tracer } from '@opentelemetry/api';
import { createDecide, type Decide } from './sampler.js';
import { ServerSpan } from './server-span.js';
import type { TracingSettings } from './settings.js';
import { createTraceIds } from './trace-ids.js';
import { parseTraceparent } from './traceparent.js';
import { tracer } from './tracer.js';

/** The place of a request in a trace. */
export interface RequestTrace {
  /** 32 hex digits: the caller's, or one made here while tracing is on; null when there is neither. */
  traceId: string | null;
  /** Only where the trace is recorded. */
  span: ServerSpan | undefined;
}

/** Traces the requests of a process. */
export interface Tracing {
  /**
   * Begins a request: an id for each, a span only for those that are recorded.
   * @param started  as `performance.now()` says it
   * @param traceparent  the header of that name
   */
  begin(
    request: Pick<IncomingMessage, 'headers' | 'url'>,
    started: number,
    traceparent: string | undefined,
  ): RequestTrace;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Reads the caller's trace id and does nothing else. */
export const noTracing: Tracing = {
  begin: (_request, _started, traceparent) => ({
    traceId: parseTraceparent(traceparent)?.traceId ?? null,
    span: undefined,
  }),
  close: async () => undefined,
};

/** Asked every few seconds by machines: traces that begin with one of these would hide the others. */
const PROBES = /^\/(?:metrics|health|v2\/health)(?:[/?]|$)/;

/**
 * Starts tracing when an endpoint is set, and else loads nothing. To be awaited before the modules that are to be
 * instrumented (Express, pg) are imported: a process imports them dynamically after this.
 * @param options.frugal  keeps the active span only while one is recorded; see `createFrugalContext`
 * @param processName  such as `service`; spans are of `plumbline-service` unless OTEL_SERVICE_NAME says otherwise
 */
export async function startTracing(
  processName: string,
  settings: TracingSettings,
  options: { frugal?: boolean } = {},
): Promise<Tracing> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: all, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = settings;
  if (settings.OTEL_SDK_DISABLED || !(traces || all)) return noTracing;
  const decide = createDecide(settings);
  const ids = createTraceIds();
  const { startSdk } = await import('./sdk.js');
  const sdk = await startSdk({
    processName,
    protocol: settings.OTEL_EXPORTER_OTLP_PROTOCOL,
    decide,
    ids,
    frugal: options.frugal ?? false,
  });
  return createTracing({
    tracer: tracer(),
    decide,
    nextTraceId: sdk.nextTraceId,
    close: sdk.close,
  });
}

/**
 * Tracing by an SDK that is running.
 * @param options.nextTraceId  makes an id; the SDK gives it to the next trace it begins, if that comes before another id is made
 */
export function createTracing(options: {
  tracer: Tracer;
  decide: Decide;
  nextTraceId: () => string;
  close: () => Promise<void>;
}): Tracing {
  const { decide, nextTraceId, close } = options;
  return {
    begin: (request, started, traceparent) => {
      const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent);
      const traceId = parent?.traceId ?? nextTraceId();
      const recorded = decide(traceId, parent?.sampled) && !(parent === undefined && PROBES.test(request.url ?? ''));
      const span = recorded ? new ServerSpan(options.tracer, started, parent, request.headers.tracestate) : undefined;
      return { traceId, span };
    },
    close,
  };
}
