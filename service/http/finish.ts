import type { Logger } from '../../core/telemetry/logger.js';
import type { ServiceError } from '../errors.js';
import type { ServiceMetrics } from '../metrics/metrics.js';
import type { RequestContext } from './context.js';

/** How a request was answered. */
export interface Answered {
  method: string;
  /** As the metrics name it. */
  route: string;
  statusCode: number;
  error: ServiceError | undefined;
}

/** Ends a request that is answered: its length as a metric, with an exemplar where it is traced, its span, and a line at debug. */
export function finishRequest(
  { metrics, logger }: { metrics: Pick<ServiceMetrics, 'http'>; logger: Logger },
  context: RequestContext,
  { method, route, statusCode, error }: Answered,
): void {
  const { started, span, requestId, traceId } = context;
  const seconds = (performance.now() - started) / 1_000;
  metrics.http(method, route, statusCode, seconds, span?.exemplar);
  span?.end({ method, route, statusCode, ...(error && { errorCode: error.code }) });
  if (!logger.isLevelEnabled?.('debug')) return;
  const fields = { method, route, statusCode, seconds, requestId, trace_id: traceId ?? undefined, code: error?.code };
  logger.debug(fields, 'request answered');
}
