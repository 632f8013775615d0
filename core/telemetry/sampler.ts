import type { TracingSettings } from './settings.js';

/**
 * Decides whether a trace is recorded, always the same for the same arguments.
 * @param traceId  32 hex digits
 * @param parentSampled  the sampled flag the caller sent, undefined for a trace that begins here
 */
export type Decide = (traceId: string, parentSampled: boolean | undefined) => boolean;

/**
 * The samplers of the OpenTelemetry specification. By ratio, a trace is recorded when the last 32 bits of its id, which W3C
 * Trace Context wants random, are below the ratio.
 */
export function createDecide(
  settings: Pick<TracingSettings, 'OTEL_TRACES_SAMPLER' | 'OTEL_TRACES_SAMPLER_ARG'>,
): Decide {
  const { OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio } = settings;
  const below = ratio * 2 ** 32;
  const root: (traceId: string) => boolean = name.endsWith('traceidratio')
    ? (traceId) => Number.parseInt(traceId.slice(-8), 16) < below
    : () => name.endsWith('always_on');
  if (!name.startsWith('parentbased_')) return root;
  return (traceId, parentSampled) => parentSampled ?? root(traceId);
}
