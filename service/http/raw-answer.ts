import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEM_TYPE, problemBody } from '../../core/http/problem.js';

/** A refusal that stands before any route: status, stable code and a sentence. */
export interface RawRefusal {
  status: number;
  code: string;
  message: string;
  retryAfterSeconds?: number;
}

/** After its answer a connection is read for so long, or the client might never get to read the answer. */
const LINGER_MS = 1_000;

/**
 * The body of a refusal for a request whose route is not known: a problem (RFC 9457) that has the member `error`, which
 * the Open Inference Protocol wants below /v2.
 */
export function refusalBody({ status, code, message }: RawRefusal): string {
  return problemBody({ status, detail: message, code, error: message });
}

/** Writes a whole answer straight to a connection that has no request to answer, and closes it. */
export function endWithRefusal(socket: Socket, refusal: RawRefusal): void {
  if (!socket.writable) return void socket.destroy();
  const { status, retryAfterSeconds } = refusal;
  const body = refusalBody(refusal);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Date: ${new Date().toUTCString()}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
