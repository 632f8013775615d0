import { trace } from '@opentelemetry/api';
import { pino } from 'pino';
import { loggable } from './loggable.js';

/** Writes one JSON line an event: constant message, variables as fields. */
export type Logger = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'> & {
  isLevelEnabled?(level: string): boolean;
};

/** A logger for one process, on standard output. Errors go in as `{ err }`. Lines written within a span have its ids. */
export function createLogger(processName: string, level: string): Logger {
  // Written at once: pino's default keeps lines back and flushes them at exit, where it tries for ever when the reader
  // of a pipe is gone, so that a process would outlive its supervisor.
  const destination = pino.destination({ dest: 1, sync: true });
  return pino(
    {
      level,
      base: { process: processName },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: (error: unknown) => (error instanceof Error ? loggable(error) : error) },
      mixin: activeIds,
    },
    destination,
  );
}

function activeIds(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
