import { register } from 'node:module';
import { type Context, isSpanContextValid, TraceFlags, trace } from '@opentelemetry/api';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { createFrugalContext } from './frugal-context.js';
import type { Decide } from './sampler.js';
import type { TraceIds } from './trace-ids.js';
import { withoutTexts } from './without-texts.js';

/** How spans are sent. */
export type Protocol = 'http/protobuf' | 'http/json' | 'grpc';

/** A running SDK. */
export interface RunningSdk {
  /** Makes the id of a trace; the next root span gets it, if that is started before another id is made. */
  nextTraceId: () => string;
  close: () => Promise<void>;
}

/** Packages that processes import as ES modules, which only a loader hook can instrument; what those require needs none. */
const HOOKED = ['express', 'pg', 'pg-pool'];

/**
 * Starts the OpenTelemetry SDK with its auto-instrumentations. Only `startTracing` imports this: it takes time and memory.
 * Incoming HTTP is left out: it would cost each request more than the model does, so requests are traced by `ServerSpan`.
 */
export async function startSdk(options: {
  processName: string;
  protocol: Protocol;
  decide: Decide;
  ids: TraceIds;
  /** Whether the active span is kept only while one is recorded; see `createFrugalContext`. */
  frugal: boolean;
}): Promise<RunningSdk> {
  const { processName, protocol, decide, ids, frugal } = options;
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url, { data: { include: HOOKED } });
  let next: string | undefined;
  const context = frugal ? createFrugalContext() : undefined;
  const batches = new tracing.BatchSpanProcessor(withoutTexts(await createExporter(protocol)));
  const sdk = new NodeSDK({
    resource: resources
      .defaultResource()
      .merge(resources.resourceFromAttributes({ 'service.name': `plumbline-${processName}` })),
    resourceDetectors: [resources.hostDetector, resources.serviceInstanceIdDetector, resources.envDetector],
    sampler: sampleBy(decide),
    idGenerator: {
      generateTraceId: () => {
        const id = next ?? ids.traceId();
        next = undefined;
        return id;
      },
      generateSpanId: ids.spanId,
    },
    spanProcessors: context ? [context.processor, batches] : [batches],
    ...(context && { contextManager: context.manager }),
    // Metrics go out through /metrics and logs through standard output.
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: getNodeAutoInstrumentations({
      '@opentelemetry/instrumentation-http': {
        disableIncomingRequestInstrumentation: true,
        requireParentforOutgoingSpans: true,
      },
      '@opentelemetry/instrumentation-pg': { requireParentSpan: true },
      '@opentelemetry/instrumentation-undici': { requireParentforSpans: true },
      // Handlers only: our middlewares are small, and the spans of the router say the same again in a trace of their own.
      '@opentelemetry/instrumentation-express': { ignoreLayers: [/^middleware/] },
      '@opentelemetry/instrumentation-router': { enabled: false },
      '@opentelemetry/instrumentation-net': { enabled: false },
      '@opentelemetry/instrumentation-dns': { enabled: false },
      '@opentelemetry/instrumentation-pino': { enabled: false },
      '@opentelemetry/instrumentation-runtime-node': { enabled: false },
    }),
  });
  sdk.start();
  return {
    nextTraceId: () => {
      next = ids.traceId();
      return next;
    },
    close: () => sdk.shutdown(),
  };
}

function sampleBy(decide: Decide): tracing.Sampler {
  const recorded = { decision: tracing.SamplingDecision.RECORD_AND_SAMPLED };
  const left = { decision: tracing.SamplingDecision.NOT_RECORD };
  return {
    shouldSample: (around, traceId) => (decide(traceId, parentSampled(around)) ? recorded : left),
    toString: () => 'plumbline',
  };
}

function parentSampled(around: Context): boolean | undefined {
  const parent = trace.getSpanContext(around);
  return parent && isSpanContextValid(parent) ? (parent.traceFlags & TraceFlags.SAMPLED) !== 0 : undefined;
}

/** Endpoint, headers, time-out and certificates are read from the standard variables by the exporters themselves. */
async function createExporter(protocol: Protocol): Promise<tracing.SpanExporter> {
  if (protocol === 'grpc') return new (await import('@opentelemetry/exporter-trace-otlp-grpc')).OTLPTraceExporter();
  if (protocol === 'http/json')
    return new (await import('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter();
  return new (await import('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter();
}
