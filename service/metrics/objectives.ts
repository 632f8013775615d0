import { Gauge, type Registry } from 'prom-client';
import { createTalliedCounter, type Tally } from './tally.js';

/** What the service is held to; ratios are between 0 and 1. The rules read them off gauges. */
export interface Objectives {
  /** Of valid prediction requests, the part that is answered. */
  availabilityRatio: number;
  /** Of those that are answered, the part that is answered within `latencySeconds`. */
  latencyRatio: number;
  latencySeconds: number;
  /** Of predicted rows, the part that reaches Postgres. */
  captureRatio: number;
  /** From which age of the oldest row that is not in Postgres, and from which part of failed requests of a route, people are told. */
  captureLagSeconds: number;
  errorRatio: number;
  /** From which part of prediction requests of a route that are refused as invalid people are told. */
  invalidRatio: number;
}

/** The defaults of the settings. */
export const DEFAULT_OBJECTIVES: Objectives = {
  availabilityRatio: 0.999,
  latencyRatio: 0.99,
  latencySeconds: 0.25,
  captureRatio: 0.9999,
  captureLagSeconds: 60,
  errorRatio: 0.05,
  invalidRatio: 0.1,
};

const PREDICTION_ROUTES = [
  '/v1/models/{model}/predict',
  '/v2/models/{model}/infer',
  '/v2/models/{model}/versions/{version}/infer',
];

/** What to tell the length of an exchange with this route and status; undefined where no objective is about it. */
export type JudgeExchange = (route: string, statusCode: number) => Tally | undefined;

/** Creates the gauges of what the service is held to, and the counter that it is held to, at zero. */
export function createObjectiveMetrics(registry: Registry, objectives: Objectives): JudgeExchange {
  const gauge = (name: string, help: string, value: number): void =>
    new Gauge({ name, help, aggregator: 'max', registers: [registry] }).set(value);
  gauge(
    'slo_availability_objective_ratio',
    'Part of valid prediction requests that is to be answered.',
    objectives.availabilityRatio,
  );
  gauge(
    'slo_latency_objective_ratio',
    'Part of answered prediction requests that is to be answered in time.',
    objectives.latencyRatio,
  );
  gauge('slo_latency_threshold_seconds', 'Time in which a prediction request is in time.', objectives.latencySeconds);
  gauge('slo_capture_objective_ratio', 'Part of predicted rows that is to reach Postgres.', objectives.captureRatio);
  gauge(
    'capture_oldest_record_age_seconds_threshold',
    'Age of the oldest row that is not in Postgres from which people are told.',
    objectives.captureLagSeconds,
  );
  gauge(
    'http_error_ratio_threshold',
    'Part of the requests of a route that fails from which people are told.',
    objectives.errorRatio,
  );
  gauge(
    'http_invalid_ratio_threshold',
    'Part of the prediction requests of a route that is refused as invalid from which people are told.',
    objectives.invalidRatio,
  );
  const requests = createTalliedCounter({
    name: 'slo_requests_total',
    help: 'Prediction requests that objectives are about, by result: ok, slow (answered, but not in time), failed (5xx). Invalid requests and clients that left are not among them.',
    labelNames: ['result'],
    registers: [registry],
  });
  const [ok, slow, failed] = [requests.bind('ok'), requests.bind('slow'), requests.bind('failed')];
  return (route, statusCode) => {
    if (!PREDICTION_ROUTES.includes(route)) return undefined;
    if (statusCode >= 500) return () => failed(1);
    if (statusCode >= 400) return undefined;
    return (seconds) => (seconds > objectives.latencySeconds ? slow(1) : ok(1));
  };
}
