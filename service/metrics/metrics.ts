import { collectDefaultMetrics, Registry } from 'prom-client';
import type { ServiceError } from '../errors.js';
import { type CaptureMetrics, createCaptureMetrics } from './capture.js';
import { createHttpMetrics, type ObserveHttp } from './http.js';
import { createInferenceMetrics, type VersionMetrics } from './inference.js';
import { createLoadMetrics, type LoadMetrics } from './models.js';
import { type CountOutcomes, createOutcomeMetrics } from './outcomes.js';
import { createRefusalMetrics, type RefusalMetrics } from './refusals.js';
import { createInvalidRequestMetrics } from './requests.js';

/** All metrics of the service, in one registry of their own. */
export interface ServiceMetrics {
  registry: Registry;
  http: ObserveHttp;
  /** Counts an error that is answered: as an invalid request, as a refusal, or not at all. */
  invalid: (error: ServiceError) => void;
  refusals: RefusalMetrics;
  capture: CaptureMetrics;
  version: (name: string, version: number) => VersionMetrics;
  loads: LoadMetrics;
  outcomes: CountOutcomes;
}

/** Creates every metric family of the service, event loop lag and memory among them. */
export function createServiceMetrics(options: { waitingRows: () => number }): ServiceMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const invalid = createInvalidRequestMetrics(registry);
  const refusals = createRefusalMetrics(registry);
  return {
    registry,
    http: createHttpMetrics(registry),
    invalid: (error) => {
      invalid(error);
      refusals.error(error);
    },
    refusals,
    capture: createCaptureMetrics(registry, options.waitingRows),
    version: createInferenceMetrics(registry),
    loads: createLoadMetrics(registry),
    outcomes: createOutcomeMetrics(registry),
  };
}
