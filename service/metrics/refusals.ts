import { Counter, Gauge, type Registry } from 'prom-client';
import { BodiesFullError, type ServiceError } from '../errors.js';

/** Why requests are refused for what they cost or when they come, and connections cut: the closed set of a metric's label. */
export const REFUSAL_REASONS = [
  'overloaded',
  'deadline_exceeded',
  'client_gone',
  'bodies_full',
  'body_too_large',
  'body_timeout',
  'head_timeout',
  'head_too_large',
  'malformed_request',
  'too_many_connections',
  'connection_dropped',
  'answer_not_read',
  'idle',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Counts refusals, and shows what the server holds. */
export interface RefusalMetrics {
  count(reason: RefusalReason): void;
  /** Counts an error that is answered, if it is a refusal. */
  error(error: ServiceError): void;
  /** What is read at each scrape; zero until it is given. */
  watch(server: { connections(): number; bodyBytes(): number }): void;
}

const REASON_OF_CODE: Partial<Record<ServiceError['code'], RefusalReason>> = {
  overloaded: 'overloaded',
  deadline_exceeded: 'deadline_exceeded',
  client_gone: 'client_gone',
  body_too_large: 'body_too_large',
  request_timeout: 'body_timeout',
  malformed_request: 'malformed_request',
};

/** Creates the counter of refusals at zero, and the gauges beside it. */
export function createRefusalMetrics(registry: Registry): RefusalMetrics {
  const counter = new Counter({
    name: 'http_refusals_total',
    help: 'Requests refused and connections cut to protect the service, by reason: overloaded, deadline_exceeded, client_gone (disconnected before the answer), bodies_full (all bodies together), body_too_large, body_timeout, head_timeout, head_too_large, malformed_request, too_many_connections (refused with 503), connection_dropped (far beyond the limit, closed at once), answer_not_read, idle (kept alive for longer than is allowed).',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of REFUSAL_REASONS) counter.inc({ reason }, 0);
  let server = { connections: () => 0, bodyBytes: () => 0 };
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('http_open_connections', 'Connections that are open now.', () => server.connections());
  gauge('http_body_bytes', 'Bytes of request bodies that are being read or answered.', () => server.bodyBytes());
  const count = (reason: RefusalReason): void => counter.inc({ reason });
  return {
    count,
    error: (error) => {
      const reason = error instanceof BodiesFullError ? 'bodies_full' : REASON_OF_CODE[error.code];
      if (reason !== undefined) count(reason);
    },
    watch: (watched) => {
      server = watched;
    },
  };
}
