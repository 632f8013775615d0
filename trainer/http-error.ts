import type { ErrorRequestHandler, Response } from 'express';
import { answerProblem } from '../core/http/problem.js';
import type { Logger } from '../core/telemetry/logger.js';
import { InvalidPayloadError } from './alerts/parse-payload.js';

/** Stable names of what can go wrong, in answers. */
export type ProblemCode =
  | 'invalid_request'
  | 'malformed_json'
  | 'body_too_large'
  | 'unsupported_encoding'
  | 'unauthorized'
  | 'not_found'
  | 'run_not_found'
  | 'experiment_not_found'
  | 'unavailable';

/** Answers with a problem (RFC 9457) that has one of the codes above. */
export function sendProblem(
  response: Response,
  problem: { status: number; code: ProblemCode; detail: string; [extension: string]: unknown },
): void {
  answerProblem(response, problem);
}

/** What Express and its body parser throw, by their `type`; anything else of theirs is an invalid request. */
const CODES: Record<string, ProblemCode> = {
  'entity.parse.failed': 'malformed_json',
  'entity.too.large': 'body_too_large',
  'encoding.unsupported': 'unsupported_encoding',
};

/** The app's last handler: what a client did wrong is said in full, what went wrong here is logged and not shown. */
export function createErrorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof InvalidPayloadError) {
      const { message: detail, problems } = error;
      return sendProblem(response, { status: 400, code: 'invalid_request', detail, problems });
    }
    const { status, type = '', message } = error as { status?: number; type?: string; message: string };
    if (status !== undefined && status >= 400 && status < 500) {
      const code = CODES[type] ?? 'invalid_request';
      const detail = code === 'malformed_json' ? `the body is not JSON: ${message}` : message;
      return sendProblem(response, { status, code, detail });
    }
    logger.error({ err: error }, 'request failed');
    const detail = 'the request could not be stored or answered; try again';
    sendProblem(response, { status: 503, code: 'unavailable', detail });
  };
}
