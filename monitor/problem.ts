import type { ErrorRequestHandler, Response } from 'express';
import { answerProblem } from '../core/http/problem.js';
import { isUnanswered } from '../core/postgres/pool.js';
import { isDatabaseUnavailable } from '../core/postgres/unavailable.js';
import type { Logger } from '../core/telemetry/logger.js';

/** Answers with a problem (RFC 9457). */
export function sendProblem(response: Response, status: number, detail: string): void {
  answerProblem(response, { status, detail });
}

/**
 * Client errors of Express say what was wrong; of our own, only the log knows more than that the database is away.
 * @param send  answers with a status and what may be said of the error
 */
export function createErrorHandler(
  logger: Logger,
  send: (response: Response, status: number, detail: string) => void = sendProblem,
): ErrorRequestHandler {
  return (error: Error & { status?: number }, request, response, _next) => {
    if (error.status !== undefined && error.status < 500) return send(response, error.status, error.message);
    logger.error({ err: error, route: request.route?.path }, 'request failed');
    if (isDatabaseUnavailable(error) || isUnanswered(error)) {
      return send(response, 503, 'the database does not answer now; ask again when /health/ready says ready');
    }
    send(response, 500, 'the request could not be answered; the log of the monitor says why');
  };
}
