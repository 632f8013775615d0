import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ServiceError } from '../errors.js';
import { describeError } from './describe-error.js';

/** What a route answers. */
export interface Reply {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

const compress = promisify(gzip);
/** Below this many bytes compression costs more than it saves. */
const COMPRESSED_FROM_BYTES = 1_024;

/** A reply of JSON. */
export function jsonReply(value: unknown, status = 200, headers: OutgoingHttpHeaders = {}): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

/** An error as the protocol wants it: `{"error": "..."}`; its trace id is in a header. */
export function errorReply(error: ServiceError, traceId: string | null): Reply {
  const { retryAfterSeconds, allow } = error.details;
  return jsonReply({ error: describeError(error) }, error.status, {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(error.status === 401 && { 'www-authenticate': 'Bearer realm="plumbline"' }),
    ...(allow && { allow: allow.join(', ') }),
    ...(traceId !== null && { 'x-trace-id': traceId }),
  });
}

/** Sends a reply, compressed with gzip where the client accepts that and it is worth it. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  requestId: string,
): Promise<void> {
  const zip = reply.body.length >= COMPRESSED_FROM_BYTES && acceptsGzip(request.headers['accept-encoding']);
  const body = zip ? await compress(reply.body) : reply.body;
  response.writeHead(reply.status, {
    ...reply.headers,
    ...(zip && { 'content-encoding': 'gzip', vary: 'accept-encoding' }),
    'content-length': body.length,
    'x-request-id': requestId,
  });
  response.end(body);
}

/** Whether an Accept-Encoding header (RFC 9110, section 12.5.3) allows gzip; `q=0` forbids it. */
function acceptsGzip(header: string | string[] | undefined): boolean {
  const codings = String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.split(';').map((each) => each.trim()));
  const coding = codings.find(([name]) => name === 'gzip') ?? codings.find(([name]) => name === '*');
  return coding !== undefined && !coding.slice(1).some((each) => /^q=0(\.0*)?$/.test(each));
}
