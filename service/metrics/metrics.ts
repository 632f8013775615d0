import { Registry } from 'prom-client';
import { collectProcessMetrics } from '../../core/telemetry/process-metrics.js';
import type { ServiceError } from '../errors.js';
import { type CaptureMetrics, createCaptureMetrics } from './capture.js';
import { createHttpMetrics, type ObserveHttp } from './http.js';
import { createInferenceMetrics, type VersionMetrics } from './inference.js';
import { createLoadMetrics, type LoadMetrics } from './models.js';
import { createObjectiveMetrics, DEFAULT_OBJECTIVES, type Objectives } from './objectives.js';
import { type CountOutcomes, createOutcomeMetrics } from './outcomes.js';
import { createQueueMetrics } from './queue.js';
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

/**
 * Creates every metric family of the service, event loop lag and memory among them.
 * @param options.waitingRows  rows accepted and not yet answered, read at each scrape, of `limitRows` at most
 */
export function createServiceMetrics(options: {
  waitingRows: () => number;
  limitRows?: number;
  objectives?: Objectives;
}): ServiceMetrics {
  const { waitingRows, limitRows = 0, objectives = DEFAULT_OBJECTIVES } = options;
  const registry = new Registry();
  collectProcessMetrics(registry);
  createQueueMetrics(registry, waitingRows, limitRows);
  const invalid = createInvalidRequestMetrics(registry);
  const refusals = createRefusalMetrics(registry);
  return {
    registry,
    http: createHttpMetrics(registry, createObjectiveMetrics(registry, objectives)),
    invalid: (error) => {
      invalid(error);
      refusals.error(error);
    },
    refusals,
    capture: createCaptureMetrics(registry),
    version: createInferenceMetrics(registry),
    loads: createLoadMetrics(registry),
    outcomes: createOutcomeMetrics(registry),
  };
}
