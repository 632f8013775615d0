import type { tracing } from '@opentelemetry/sdk-node';

/** Texts of errors may quote a value, such as Postgres's "invalid input syntax": the class of an error is enough in a span. */
const TEXTS = ['exception.message', 'exception.stacktrace'];

/** Wraps an exporter: what instrumentations write of errors goes out without its texts. */
export function withoutTexts(exporter: tracing.SpanExporter): tracing.SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(strip), done),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush && { forceFlush: () => exporter.forceFlush!() }),
  };
}

function strip(span: tracing.ReadableSpan): tracing.ReadableSpan {
  if (span.status.message === undefined && span.events.length === 0) return span;
  const events = span.events.map((event) => ({
    ...event,
    attributes: Object.fromEntries(Object.entries(event.attributes ?? {}).filter(([name]) => !TEXTS.includes(name))),
  }));
  return Object.create(span, { status: { value: { code: span.status.code } }, events: { value: events } });
}
