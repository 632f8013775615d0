import { pino } from 'pino';

/** Writes one JSON line an event: constant message, variables as fields. */
export type Logger = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>;

/** A logger for one process, on standard output. Errors go in as `{ err }`. */
export function createLogger(processName: string, level: string): Logger {
  // Written at once: pino's default keeps lines back and flushes them at exit, where it tries for ever when the reader
  // of a pipe is gone, so that a process would outlive its supervisor.
  const destination = pino.destination({ dest: 1, sync: true });
  return pino({ level, base: { process: processName }, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}
