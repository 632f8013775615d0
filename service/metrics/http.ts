import type { Registry } from 'prom-client';
import type { JudgeExchange } from './objectives.js';
import { createTalliedHistogram, type Exemplar, type Tally } from './tally.js';

/** Observes the length of one HTTP exchange. */
export type ObserveHttp = (
  method: string,
  route: string,
  statusCode: number,
  seconds: number,
  exemplar?: Exemplar,
) => void;

/** The routes of the service: the closed set of the `route` label; anything else is `unmatched`. */
export const ROUTES = {
  '/v1/models': ['GET'],
  '/v1/models/{model}': ['GET'],
  '/v1/models/{model}/predict': ['POST'],
  '/v1/models/{model}/outcomes': ['POST'],
  '/v1/predictions/{id}': ['GET'],
  '/v2': ['GET'],
  '/v2/health/live': ['GET'],
  '/v2/health/ready': ['GET'],
  '/v2/models': ['GET'],
  '/v2/models/{model}': ['GET'],
  '/v2/models/{model}/ready': ['GET'],
  '/v2/models/{model}/infer': ['POST'],
  '/v2/models/{model}/versions/{version}': ['GET'],
  '/v2/models/{model}/versions/{version}/ready': ['GET'],
  '/v2/models/{model}/versions/{version}/infer': ['POST'],
  '/v2/repository/index': ['POST'],
  '/v2/repository/models/{model}/load': ['POST'],
  '/v2/repository/models/{model}/unload': ['POST'],
  '/metrics': ['GET'],
  '/openapi.json': ['GET'],
  '/docs': ['GET'],
} as const;
/** A route in the form of its label. */
export type Route = keyof typeof ROUTES | 'unmatched';

// Single predictions take 1 to 5 ms; an objective of 25 or 50 ms lies between narrow buckets.
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/**
 * Creates the histogram of HTTP requests with a series for each route at zero. Labels are bound once and kept.
 * @param judge  holds exchanges to the objectives
 */
export function createHttpMetrics(registry: Registry, judge: JudgeExchange): ObserveHttp {
  const histogram = createTalliedHistogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line read to the answer handed to the connection.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: REQUEST_SECONDS,
    enableExemplars: true,
    registers: [registry],
  });
  /** By route, method and status. */
  const tallies = new Map<string, Map<string, Tally[]>>();
  const bind = (method: string, route: string, status: number): Tally => {
    const byMethod = tallies.get(route) ?? new Map<string, Tally[]>();
    const byStatus = byMethod.get(method) ?? [];
    tallies.set(route, byMethod);
    byMethod.set(method, byStatus);
    const observe = histogram.bind(method, route, String(status));
    const held = judge(route, status);
    const tally: Tally = held
      ? (seconds, exemplar) => {
          observe(seconds, exemplar);
          held(seconds);
        }
      : observe;
    byStatus[status] = tally;
    return tally;
  };
  for (const [route, methods] of Object.entries(ROUTES)) {
    for (const method of methods) bind(method, route, 200);
  }
  return (method, route, statusCode, seconds, exemplar) => {
    const known = METHODS.has(method) ? method : '_OTHER';
    const tally = tallies.get(route)?.get(known)?.[statusCode] ?? bind(known, route, statusCode);
    tally(seconds, exemplar);
  };
}
