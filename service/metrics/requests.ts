import { Counter, type Registry } from 'prom-client';
import { INVALID_REASONS, type InvalidReason } from '../errors.js';

/** Counts requests refused as invalid, by the first thing that was wrong. */
export function createInvalidRequestMetrics(registry: Registry): (reason: InvalidReason) => void {
  const counter = new Counter({
    name: 'invalid_requests_total',
    help: 'Requests refused as invalid, by the first thing that was wrong.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const bound = new Map(INVALID_REASONS.map((reason) => [reason, counter.labels(reason)]));
  for (const child of bound.values()) child.inc(0);
  return (reason) => bound.get(reason)!.inc();
}
