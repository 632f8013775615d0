import { Counter, type Registry } from 'prom-client';
import { INVALID_REASONS, invalidReason, type ServiceError } from '../errors.js';

/** Counts a refused request under the first thing that was wrong with it; errors that are not the client's do nothing. */
export function createInvalidRequestMetrics(registry: Registry): (error: ServiceError) => void {
  const counter = new Counter({
    name: 'invalid_requests_total',
    help: 'Requests refused as invalid, by the first thing that was wrong.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const bound = new Map(INVALID_REASONS.map((reason) => [reason, counter.labels(reason)]));
  for (const child of bound.values()) child.inc(0);
  return (error) => {
    const reason = invalidReason(error);
    if (reason !== undefined) bound.get(reason)!.inc();
  };
}
