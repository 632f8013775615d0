/** An error as it stands in a log. */
export interface LoggableError {
  type: string;
  message: string;
  code?: string;
  stack?: string;
}

/** Class of SQLSTATE whose messages quote the value that does not fit. */
const DATA_EXCEPTION = /^22[0-9A-Z]{3}$/;

/**
 * What of an error may stand in a log: its class, message, code and stack. Postgres adds the text of rows to its errors,
 * and quotes values in those about them; feature values are no matter for logs, so neither is kept.
 */
export function loggable(error: unknown): LoggableError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const { code } = error as { code?: unknown };
  if (typeof code === 'string' && DATA_EXCEPTION.test(code))
    return { type: error.name, message: 'Postgres refuses a value', code };
  const cause = error.cause instanceof Error ? `; ${loggable(error.cause).message}` : '';
  return {
    type: error.name,
    // An AggregateError, such as of a refused connection, has no message.
    message: (error.message || String(code ?? '')) + cause,
    ...(typeof code === 'string' && { code }),
    ...(error.stack !== undefined && { stack: error.stack }),
  };
}
