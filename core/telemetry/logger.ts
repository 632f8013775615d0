import { pino } from 'pino';

/** Writes one JSON line an event: constant message, variables as fields. */
export type Logger = Pick<ReturnType<typeof pino>, 'debug' | 'info' | 'warn' | 'error'>;

/** A logger for one process, on standard output. Errors go in as `{ err }`. */
export function createLogger(processName: string, level: string): Logger {
  return pino({ level, base: { process: processName }, timestamp: pino.stdTimeFunctions.isoTime });
}
