import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ServiceError } from '../errors.js';
import type { RefusalReason } from '../metrics/refusals.js';
import { endWithRefusal, type RawRefusal } from './raw-answer.js';

type Refusal = RawRefusal & { reason: RefusalReason };

const HEAD_TIMEOUT: Refusal = {
  reason: 'head_timeout',
  status: 408,
  code: 'request_timeout',
  message: 'the head of the request did not arrive in time',
};
const HEAD_TOO_LARGE: Refusal = {
  reason: 'head_too_large',
  status: 431,
  code: 'head_too_large',
  message: 'the request line and the headers are too large; send fewer or shorter ones',
};
const MALFORMED: Refusal = {
  reason: 'malformed_request',
  status: 400,
  code: 'malformed_request',
  message: 'this is not a well-formed HTTP/1.1 request',
};

/** The last: the connection ended in the middle of a request. */
const CLIENT_GONE: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE', 'HPE_INVALID_EOF_STATE']);

/** A request that is not over, and its response. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/**
 * Answers what Node's parser and its time limits object to. A fault of a body is told to whoever reads it, so that its
 * answer has the form of its route; a fault after a whole request leaves that its answer; everything else is answered
 * right on the connection.
 * @param options.find  the last exchange of a connection that is not over, if any
 */
export function createOnClientError(options: {
  find: (socket: Socket) => Exchange | undefined;
  refused: (reason: RefusalReason) => void;
}): (error: NodeJS.ErrnoException, socket: Socket) => void {
  const { find, refused } = options;
  const seen = new WeakSet<Socket>();
  return (error, socket) => {
    // The parser objects again to each piece that follows.
    if (seen.has(socket)) return;
    seen.add(socket);
    if (CLIENT_GONE.has(error.code) || !socket.writable) return void socket.destroy();
    const isTimeout = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    const refusal = isTimeout ? HEAD_TIMEOUT : error.code === 'HPE_HEADER_OVERFLOW' ? HEAD_TOO_LARGE : MALFORMED;
    const exchange = find(socket);
    if (exchange && !exchange.request.complete && exchange.request.listenerCount('error') > 0) {
      return endBody(exchange, isTimeout);
    }
    refused(refusal.reason);
    if (exchange?.request.complete) endAfter(exchange, socket);
    // An answer in the middle of another would be taken for a part of it.
    else if (exchange?.response.headersSent) socket.destroy();
    else endWithRefusal(socket, refusal);
  };
}

function endBody({ request, response }: Exchange, isTimeout: boolean): void {
  response.shouldKeepAlive = false;
  const error = isTimeout
    ? new ServiceError(408, 'request_timeout', 'the body of the request did not arrive in time')
    : new ServiceError(400, 'malformed_request', 'the body of the request is not framed as HTTP/1.1 asks for');
  request.emit('error', error);
}

function endAfter({ response }: Exchange, socket: Socket): void {
  response.shouldKeepAlive = false;
  response.once('close', () => socket.destroySoon());
}
