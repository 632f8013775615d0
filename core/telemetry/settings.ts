import { type Static, type TObject, Type } from '@sinclair/typebox';
import { oneOf } from '../one-of.js';

/**
 * Settings of tracing, by their standard OpenTelemetry names. The SDK reads its other variables (headers, time-outs, batch
 * sizes, resource attributes) from the environment itself.
 * @param ratio  default of OTEL_TRACES_SAMPLER_ARG
 */
export function tracingSettings(ratio: number) {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
      Type.String({
        description:
          'where spans are sent by OTLP, such as http://localhost:4318; without an endpoint nothing of OpenTelemetry is loaded',
      }),
    ),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: Type.Optional(
      Type.String({
        description: 'the same for spans alone, with its whole path, such as http://localhost:4318/v1/traces',
      }),
    ),
    OTEL_EXPORTER_OTLP_PROTOCOL: oneOf(['http/protobuf', 'http/json', 'grpc'], {
      default: 'http/protobuf',
      description: 'how spans are sent',
    }),
    OTEL_SDK_DISABLED: Type.Boolean({ default: false, description: 'switches tracing off whatever else is set' }),
    OTEL_TRACES_SAMPLER: oneOf(SAMPLERS, {
      default: 'parentbased_traceidratio',
      description: 'which traces are recorded; parentbased: as the caller decided, where it sent a traceparent',
    }),
    OTEL_TRACES_SAMPLER_ARG: Type.Number({
      minimum: 0,
      maximum: 1,
      default: ratio,
      description: 'share of the traces begun here that is recorded, for the traceidratio samplers',
    }),
  };
}

/** The samplers of the OpenTelemetry specification that need no other service. */
export const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/** Tracing settings, checked. */
export type TracingSettings = Readonly<Static<TObject<ReturnType<typeof tracingSettings>>>>;
