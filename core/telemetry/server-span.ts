import {
  type Attributes,
  context,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Parent } from './traceparent.js';

/** How an answer ended, for its span. */
export interface Ended {
  method: string;
  /** As in the route label of the metrics, such as `/v1/models/{model}/predict`, or `unmatched`. */
  route: string;
  statusCode: number;
  /** Stable name of what went wrong. */
  errorCode?: string;
}

/**
 * The span of a sampled request and its steps, one after the other. Names and numbers only: no feature value, no text of
 * an error and nothing that tells who called goes into a span.
 */
export class ServerSpan {
  readonly #tracer: Tracer;
  readonly #span: Span;
  #step: Span | undefined;

  /** @param started  when the request came, as `performance.now()` says it */
  constructor(tracer: Tracer, started: number, parent: Parent | undefined, traceState: unknown) {
    const remote = parent && {
      traceId: parent.traceId,
      spanId: parent.spanId,
      traceFlags: parent.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
      isRemote: true,
      ...(typeof traceState === 'string' && { traceState: createTraceState(traceState) }),
    };
    const around = remote ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
    this.#tracer = tracer;
    this.#span = tracer.startSpan('HTTP', { kind: SpanKind.SERVER, startTime: started }, around);
  }

  /** What an exemplar of a histogram holds. */
  get exemplar(): { trace_id: string; span_id: string } {
    const { traceId, spanId } = this.#span.spanContext();
    return { trace_id: traceId, span_id: spanId };
  }

  /** The step under way, for links to and from it. */
  get step(): Span | undefined {
    return this.#step;
  }

  /** Sets attributes of the request as a whole. */
  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  /** Ends the step before and begins one. */
  enter(name: string, attributes?: Attributes): void {
    this.#step?.end();
    this.#step = this.#tracer.startSpan(name, attributes ? { attributes } : {}, this.#around());
  }

  /** Ends the step under way. */
  leave(): void {
    this.#step?.end();
    this.#step = undefined;
  }

  /** Runs work with this span as the active one: what it starts, queries and calls belong to it. */
  run<T>(work: () => T): T {
    return context.with(this.#around(), work);
  }

  /** Ends the span and the step under way, which is taken as the one that failed where there is an error. */
  end({ method, route, statusCode, errorCode }: Ended): void {
    const failed = statusCode >= 500;
    if (errorCode !== undefined) {
      for (const span of [this.#step, this.#span]) {
        span?.setAttribute('error.type', errorCode);
        if (failed) span?.setStatus({ code: SpanStatusCode.ERROR });
      }
    }
    this.leave();
    this.#span.updateName(route === 'unmatched' ? method : `${method} ${route}`);
    this.#span.setAttributes({
      'http.request.method': method,
      'http.response.status_code': statusCode,
      'url.scheme': 'http',
      ...(route !== 'unmatched' && { 'http.route': route }),
    });
    this.#span.end();
  }

  #around() {
    return trace.setSpan(ROOT_CONTEXT, this.#span);
  }
}
