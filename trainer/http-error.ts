import type { ErrorRequestHandler, Response } from 'express';
import type { Logger } from '../core/telemetry/logger.js';
import { InvalidPayloadError } from './alerts/parse-payload.js';

/** Answers with `application/problem+json` (RFC 9457). */
export function sendProblem(
  response: Response,
  problem: { status: number; title: string; detail: string; [extension: string]: unknown },
): void {
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

/** The app's last handler: what a client did wrong is said in full, what went wrong here is logged and not shown. */
export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof InvalidPayloadError) {
      return sendProblem(response, {
        status: 400,
        title: 'Bad Request',
        detail: error.message,
        problems: error.problems,
      });
    }
    const { status, type } = error as { status?: number; type?: string };
    if (status !== undefined && status >= 400 && status < 500) {
      const detail = type === 'entity.parse.failed' ? `the body is not JSON: ${String((error as Error).message)}` : '';
      return sendProblem(response, { status, title: 'Bad Request', detail: detail || (error as Error).message });
    }
    logger.error({ err: error }, 'request failed');
    sendProblem(response, {
      status: 503,
      title: 'Service Unavailable',
      detail: 'the request could not be stored or answered; try again',
    });
  };
}
