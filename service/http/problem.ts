import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import { isDatabaseUnavailable } from '../../core/postgres/unavailable.js';
import { DatabaseUnavailableError, ServiceError } from '../errors.js';

/** Any thrown value as the error that is answered; what is unknown becomes 500 and its text stays here. */
export function toServiceError(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (isDatabaseUnavailable(error)) return new DatabaseUnavailableError(error);
  return new ServiceError(500, 'internal_error', 'something went wrong in the service', { cause: error });
}

/** Answers an error as `application/problem+json` (RFC 9457) with `code`, `request_id` and, for bad input, `errors`. */
export function sendProblem(response: ServerResponse, error: ServiceError, requestId: string): void {
  const { errors, moreErrors, retryAfterSeconds, allow } = error.details;
  const body = JSON.stringify({
    type: `urn:plumbline:problem:${error.code}`,
    title: STATUS_CODES[error.status],
    status: error.status,
    detail: error.message,
    code: error.code,
    request_id: requestId,
    ...(errors && { errors }),
    ...(moreErrors && { more_errors: moreErrors }),
  });
  const headers: OutgoingHttpHeaders = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
  };
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(retryAfterSeconds);
  if (allow) headers.allow = allow.join(', ');
  // The rest of the body is not wanted, so the connection cannot be used again.
  if (error.status === 413) headers.connection = 'close';
  response.writeHead(error.status, headers);
  response.end(body);
}

const DRAIN_BYTES = 64 * 1024 * 1024;

/** Lets a client that is still sending finish, within bounds, so that it gets to read the answer; then cuts it off. */
export function drain(request: IncomingMessage): void {
  let left = DRAIN_BYTES;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}
