import { Histogram, type Registry } from 'prom-client';

/** Observes the length of one HTTP exchange. */
export type ObserveHttp = (
  method: string,
  route: string,
  statusCode: number,
  seconds: number,
  exemplar?: Exemplar,
) => void;

/** Names of the trace and span of an observation; shown in the OpenMetrics format alone. */
export interface Exemplar {
  trace_id: string;
  span_id: string;
}

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

/** Creates the histogram of HTTP requests with a series for each route at zero. Labels are bound once and kept. */
export function createHttpMetrics(registry: Registry): ObserveHttp {
  const histogram = new Histogram<string>({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line read to the answer handed to the connection.',
    labelNames: ['method', 'route', 'status_code'],
    buckets: REQUEST_SECONDS,
    enableExemplars: true,
    // prom-client refuses exemplars for a registry of the classic text when a metric is made with it, though that text
    // only leaves them out. `exposition` writes both formats.
    registers: [],
  });
  registry.registerMetric(histogram);
  const children = new Map<string, ReturnType<typeof histogram.labels>[]>();
  const bind = (method: string, route: string, status: number, key: string): ReturnType<typeof histogram.labels> => {
    const child = histogram.labels(method, route, String(status));
    const byStatus = children.get(key) ?? [];
    byStatus[status] = child;
    children.set(key, byStatus);
    return child;
  };
  for (const [route, methods] of Object.entries(ROUTES)) {
    for (const method of methods) histogram.zero({ method, route, status_code: '200' });
  }
  return (method, route, statusCode, seconds, exemplar) => {
    const known = METHODS.has(method) ? method : '_OTHER';
    if (exemplar) {
      const labels = { method: known, route, status_code: String(statusCode) };
      histogram.observe({ labels, value: seconds, exemplarLabels: { ...exemplar } });
      return;
    }
    const key = known + route;
    const child = children.get(key)?.[statusCode] ?? bind(known, route, statusCode, key);
    child.observe(seconds);
  };
}
