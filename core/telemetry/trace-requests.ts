import type { RequestHandler } from 'express';
import { routeOf } from './route-of.js';
import type { Tracing } from './tracing.js';

/** Express middleware that traces requests of a process with few of them; it goes before all routes. */
export function traceRequests(tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    const { span } = tracing.begin(request, performance.now(), request.get('traceparent'));
    if (!span) return next();
    response.once('close', () => {
      const route = routeOf((request.route as { path?: unknown } | undefined)?.path);
      const { statusCode } = response;
      span.end({
        method: request.method,
        route,
        statusCode,
        ...(statusCode >= 400 && { errorCode: String(statusCode) }),
      });
    });
    span.run(next);
  };
}
