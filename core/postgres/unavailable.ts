/** SQLSTATE classes and codes that say the server is away, starting, stopping or full: it may answer a moment later. */
const SQLSTATES = /^(08...|57P0[1-5]|53[0-4]00|25006|40001|40P01)$/;
const NETWORK = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOENT)$/;
// pg gives these without a code.
const MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;

/** Whether an error of a query means that Postgres cannot be reached or used now, rather than that the query is wrong. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = String((error as { code?: unknown }).code ?? '');
  if (SQLSTATES.test(code) || NETWORK.test(code) || MESSAGES.test(error.message)) return true;
  return error instanceof AggregateError && error.errors.some(isDatabaseUnavailable);
}
