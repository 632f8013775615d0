import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { PROBLEM_TYPE, problemBody } from '../../core/http/problem.js';
import { isDatabaseUnavailable } from '../../core/postgres/unavailable.js';
import { DatabaseUnavailableError, ServiceError } from '../errors.js';
import type { RequestContext } from './context.js';

/** Any thrown value as the error that is answered; what is unknown becomes 500 and its text stays here. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isDatabaseUnavailable(error)) return new DatabaseUnavailableError(error);
  return new ServiceError(500, 'internal_error', 'something went wrong in the service', { cause: error });
}

/** Answers an error as a problem (RFC 9457) with `code`, `request_id`, `trace_id` where there is one and, for bad input, `errors`. */
export function sendProblem(
  response: ServerResponse,
  error: ServiceError,
  { requestId, traceId }: Pick<RequestContext, 'requestId' | 'traceId'>,
): void {
  const { errors, moreErrors, retryAfterSeconds, allow } = error.details;
  const body = problemBody({
    status: error.status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(traceId !== null && { trace_id: traceId }),
    ...(errors && { errors }),
    ...(moreErrors && { more_errors: moreErrors }),
  });
  const headers: OutgoingHttpHeaders = {
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
  };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (error.status === 401) headers['www-authenticate'] = 'Bearer realm="plumbline"';
  if (allow) headers.allow = allow.join(', ');
  response.writeHead(error.status, headers);
  response.end(body);
}
