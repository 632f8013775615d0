import type { RequestHandler } from 'express';
import { Histogram, type Registry } from 'prom-client';
import { routeOf } from './route-of.js';

// Pages and reports query Postgres: milliseconds to a few seconds.
const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A method and a path as Express has it, such as `GET /v1/runs/:id`. */
export type RouteLine = `${string} /${string}`;

/**
 * Express middleware that measures requests of a process with few of them, under the name that the service uses; it goes
 * before all routes. Labels are of closed sets: a path that no route has counts as `unmatched`.
 * @param routes  their series are there from the start
 */
export function measureRequests(registry: Registry, routes: readonly RouteLine[]): RequestHandler {
  const histogram = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the request line read to the answer handed to the connection.',
    labelNames: ['method', 'route', 'status_code'] as const,
    buckets: REQUEST_SECONDS,
    registers: [registry],
  });
  for (const line of routes) {
    const [method = '', path] = line.split(' ');
    histogram.zero({ method, route: routeOf(path), status_code: '200' });
  }
  return (request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      const method = METHODS.has(request.method) ? request.method : '_OTHER';
      const route = routeOf((request.route as { path?: unknown } | undefined)?.path);
      const labels = { method, route, status_code: String(response.statusCode) };
      histogram.observe(labels, (performance.now() - started) / 1_000);
    });
    next();
  };
}
