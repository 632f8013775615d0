import { type Attributes, context, propagation, type Span, SpanStatusCode } from '@opentelemetry/api';
import { tracer } from './tracer.js';

/**
 * Runs work in a span, the active one while it runs, and ends it when the work is done; with the class of the error when
 * it fails. Costs next to nothing while tracing is off.
 * @param options.traceparent  what `activeTraceparent` gave where the work was asked for: the span goes on from there
 */
export function inSpan<T>(
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
  options: { traceparent?: string | undefined } = {},
): Promise<T> {
  const { traceparent } = options;
  const around = traceparent === undefined ? context.active() : propagation.extract(context.active(), { traceparent });
  return tracer().startActiveSpan(name, { attributes }, around, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setAttribute('error.type', error instanceof Error ? error.constructor.name : typeof error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The `traceparent` (W3C Trace Context) of the active span, for work that is done later or elsewhere; undefined when there is none. */
export function activeTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}
