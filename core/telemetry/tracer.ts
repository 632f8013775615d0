import { type Tracer, trace } from '@opentelemetry/api';

/** The instrumentation scope of the spans that this code makes itself. */
export const TRACER = 'plumbline';

/** Makes spans while tracing is on, and does nothing else. */
export function tracer(): Tracer {
  return trace.getTracer(TRACER);
}
