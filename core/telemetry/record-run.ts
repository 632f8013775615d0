import { ROOT_CONTEXT, type Span, trace } from '@opentelemetry/api';
import { tracer } from './tracer.js';

/**
 * Records a run of the model that answered several requests at once: a span within the first recorded one, linked with
 * the others, which are linked with it. @param startTime  as `performance.now()` says it; the run has just ended
 */
export function recordRun(requests: Span[], startTime: number, rows: number): void {
  const [first, ...others] = requests;
  const links = others.map((span) => ({ context: span.spanContext() }));
  const attributes = { 'plumbline.rows': rows };
  const run = tracer().startSpan('run', { startTime, attributes, links }, trace.setSpan(ROOT_CONTEXT, first!));
  for (const span of others) span.addLink({ context: run.spanContext() });
  run.end();
}
