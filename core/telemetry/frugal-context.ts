import { type Context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { tracing } from '@opentelemetry/sdk-node';

import { TRACER } from './tracer.js';

/** A context manager, and the span processor that tells it when it may rest. */
export interface FrugalContext {
  manager: AsyncLocalStorageContextManager;
  processor: tracing.SpanProcessor;
}

/**
 * Keeps the active span across awaits only while a recorded span of ours is open. On Node 20 and 22 an AsyncLocalStorage in use
 * makes every promise of the process dearer, which cost each request more than all else of tracing; and with one trace in
 * a hundred recorded there is mostly nothing to keep. A span that is not recorded is not kept: what is begun within it
 * decides anew, so this is for a process whose spans do not nest by context, or that are instrumentations' and need a parent.
 */
export function createFrugalContext(): FrugalContext {
  const manager = new FrugalContextManager();
  let open = 0;
  return {
    manager,
    processor: {
      onStart: ({ instrumentationScope }) => {
        if (instrumentationScope.name === TRACER) open++;
      },
      onEnd: ({ instrumentationScope }) => {
        // Only of our own it is sure that they end: that of pg does not end the span of a COPY.
        if (instrumentationScope.name !== TRACER) return;
        open--;
        if (open === 0) manager.disable();
      },
      forceFlush: async () => undefined,
      shutdown: async () => undefined,
    },
  };
}

class FrugalContextManager extends AsyncLocalStorageContextManager {
  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    around: Context,
    work: F,
    self?: ThisParameterType<F>,
    ...given: A
  ): ReturnType<F> {
    if (trace.getSpan(around)?.isRecording() || this.active() !== ROOT_CONTEXT)
      return super.with(around, work, self, ...given);
    return work.apply(self, given);
  }
}
