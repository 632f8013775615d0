import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { PROBLEM_TYPE } from '../../core/http/problem.js';
import type { RefusalMetrics } from '../metrics/refusals.js';
import { type BodyBudget, declaredBytes } from './body-budget.js';
import { createOnClientError, type Exchange } from './client-error.js';
import { createLiveList, type LiveList } from './live-list.js';
import { type RawRefusal, refusalBody } from './raw-answer.js';

/** What a client may cost before its request is even looked at. Times in milliseconds. */
export interface HttpLimits {
  /** For the request line and the headers, from the first byte or the opening of the connection. */
  headTimeoutMs: number;
  /** For a whole request. */
  receiveTimeoutMs: number;
  /** How long a client may take to read an answer. */
  unreadMs: number;
  /** How long a connection may be idle between requests. */
  keepAliveMs: number;
  maxConnections: number;
  /** Requests of one connection, after which it is closed; 0 for any number. */
  maxRequestsPerConnection: number;
}

/** The listening side of the service. */
export interface HttpServer {
  server: Server;
  /**
   * Ends in good order: every answer from now on closes its connection, for `lameDuckMs` requests are still taken,
   * and new connections too unless `deaf`; then idle connections are closed and the answers under way are waited for,
   * `patienceMs` at most.
   */
  drain(options: { lameDuckMs: number; patienceMs: number; deaf: boolean }): Promise<void>;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => unknown;

/** Connections beyond the limit by this part of it still get an answer; more are closed at once. */
const ANSWERED_BEYOND = 0.1;
const MAX_HEAD_BYTES = 16 * 1024;
/** What probes and Prometheus ask must be answered most of all when there is too much to do. */
const OPERATIONS = /^\/(?:metrics|v2\/health\/(?:live|ready))(?:\?|$)/;

/** Creates a server that bounds what clients can take of it; what it refuses is answered, counted and closed. */
export function createHttpServer(options: {
  handle: Handle;
  limits: HttpLimits;
  bodies: BodyBudget;
  refusals: RefusalMetrics;
}): HttpServer {
  const { handle, limits, bodies, refusals } = options;
  const sockets = new Set<Socket>();
  const exchanges = createLiveList<ServerResponse>();
  const beyond = new WeakSet<Socket>();
  let draining = false;

  const server = createServer({
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: limits.receiveTimeoutMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headTimeoutMs / 4),
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: MAX_HEAD_BYTES,
    // Node would answer a request without a host itself, uncounted.
    requireHostHeader: false,
    noDelay: true,
  });
  server.maxRequestsPerSocket = limits.maxRequestsPerConnection;

  function onOver(this: ServerResponse): void {
    exchanges.delete(this);
    bodies.release(this.req);
  }
  const begin = (request: IncomingMessage, response: ServerResponse): void => {
    const isBeyond = beyond.has(request.socket);
    if (draining || isBeyond) response.shouldKeepAlive = false;
    exchanges.add(response);
    response.on('close', onOver);
    const refusal = refuseEarly(request, isBeyond, limits.maxConnections);
    if (refusal === undefined) return void handle(request, response);
    refusals.count(refusal.reason);
    sendRefusal(response, refusal);
  };
  server.on('request', begin);
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // A body that will be refused is not asked for. Whether it comes all the same is unknown, so the connection ends.
    if (willRefuse(request, bodies)) response.shouldKeepAlive = false;
    else response.writeContinue();
    begin(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    if (sockets.size <= limits.maxConnections) return;
    if (sockets.size <= limits.maxConnections * (1 + ANSWERED_BEYOND) + 1) return void beyond.add(socket);
    refusals.count('connection_dropped');
    socket.destroy();
  });
  const find = (socket: Socket): Exchange | undefined => {
    const ours = [...exchanges].filter((response) => response.req.socket === socket);
    const last = ours.at(-1);
    return last && { request: last.req, response: last };
  };
  server.on('clientError', createOnClientError({ find, refused: refusals.count }));
  server.on('timeout', (socket: Socket) => {
    refusals.count('idle');
    socket.destroy();
  });
  const unread = cutUnread({ exchanges, limitMs: limits.unreadMs, onCut: () => refusals.count('answer_not_read') });
  refusals.watch({ connections: () => sockets.size, bodyBytes: bodies.bytes });

  return {
    server,
    drain: async ({ lameDuckMs, patienceMs, deaf }) => {
      draining = true;
      for (const response of exchanges) response.shouldKeepAlive = false;
      // Of the http server's own `close`, idle connections would be closed at once: they are left for their next request.
      const closeListener = (): NetServer => NetServer.prototype.close.call(server);
      if (deaf) closeListener();
      await quietFor(lameDuckMs, () => deaf && sockets.size === 0);
      if (!deaf) closeListener();
      server.closeIdleConnections();
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      await quietFor(patienceMs, () => sockets.size === 0);
      clearInterval(unread);
      // Ends the timer of the time limits.
      server.close();
      server.closeAllConnections();
    },
  };
}

/**
 * Cuts connections whose client does not read its answer: looked for now and then, as a timer for each answer would cost
 * every request. @returns the timer
 */
function cutUnread(options: {
  exchanges: LiveList<ServerResponse>;
  limitMs: number;
  onCut: () => void;
}): NodeJS.Timeout {
  const { exchanges, limitMs, onCut } = options;
  const firstSeen = new WeakMap<ServerResponse, number>();
  const look = (): void => {
    const now = performance.now();
    for (const response of exchanges) {
      if (!response.writableEnded) continue;
      const since = firstSeen.get(response) ?? now;
      firstSeen.set(response, since);
      if (now - since < limitMs) continue;
      onCut();
      response.destroy();
    }
  };
  return setInterval(look, Math.min(1_000, limitMs / 4)).unref();
}

type Refusal = RawRefusal & { reason: 'too_many_connections' | 'malformed_request' };

function refuseEarly(request: IncomingMessage, isBeyond: boolean, maxConnections: number): Refusal | undefined {
  if (request.headers.host === undefined && request.httpVersionMinor > 0) {
    const message = 'the request has no Host header, which HTTP/1.1 asks for';
    return { reason: 'malformed_request', status: 400, code: 'malformed_request', message };
  }
  if (!isBeyond || OPERATIONS.test(request.url ?? '')) return undefined;
  const message = `${maxConnections} connections are open already; try again a little later`;
  return { reason: 'too_many_connections', status: 503, code: 'overloaded', message, retryAfterSeconds: 1 };
}

function sendRefusal(response: ServerResponse, refusal: Refusal): void {
  const body = refusalBody(refusal);
  response.shouldKeepAlive = false;
  if (refusal.retryAfterSeconds !== undefined) response.setHeader('retry-after', refusal.retryAfterSeconds);
  response.writeHead(refusal.status, {
    'content-type': PROBLEM_TYPE,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}

function willRefuse(request: IncomingMessage, bodies: BodyBudget): boolean {
  try {
    bodies.take(request, declaredBytes(request, bodies.maxBytes));
    return false;
  } catch {
    return true;
  } finally {
    bodies.release(request);
  }
}

/** Waits until `isDone`, at most `ms`. */
async function quietFor(ms: number, isDone: () => boolean): Promise<void> {
  const end = performance.now() + ms;
  while (!isDone() && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(20, ms)));
  }
}
