import type { IncomingMessage } from 'node:http';
import { BodiesFullError, ServiceError } from '../errors.js';
import { readHeader } from './read-header.js';

/** What request bodies may hold of the memory: each alone, and all that are read or being answered. */
export interface BodyBudget {
  /** Bytes of one body at most. */
  maxBytes: number;
  /** Takes room for bytes of a request's body, kept until `release`. @throws BodiesFullError when there is none */
  take(request: IncomingMessage, bytes: number): void;
  /** Gives back all that was taken for a request; nothing where nothing was. */
  release(request: IncomingMessage): void;
  /** Bytes taken now. */
  bytes(): number;
}

/** Bodies up to this size have an eighth of the room to themselves, so that slow large ones cannot keep them out. */
const SMALL_BYTES = 64 * 1024;
const LARGE_SHARE = 7 / 8;

/** On the request itself: a Map of short stays keeps what has left it from the garbage collector (`createLiveList`). */
const HELD = Symbol('bytes held');
type Holder = IncomingMessage & { [HELD]?: number };

/**
 * Creates an empty budget. A lone body is always taken, whatever its size.
 * @param limits.maxBytes  of one body
 * @param limits.totalBytes  of all bodies together
 */
export function createBodyBudget(limits: { maxBytes: number; totalBytes: number }): BodyBudget {
  const { maxBytes, totalBytes } = limits;
  let taken = 0;
  return {
    maxBytes,
    take: (request: Holder, bytes) => {
      if (bytes === 0) return;
      const own = request[HELD] ?? 0;
      const room = own + bytes > SMALL_BYTES ? totalBytes * LARGE_SHARE : totalBytes;
      if (taken > own && taken + bytes > room) throw new BodiesFullError(taken);
      request[HELD] = own + bytes;
      taken += bytes;
    },
    release: (request: Holder) => {
      taken -= request[HELD] ?? 0;
      request[HELD] = 0;
    },
    bytes: () => taken,
  };
}

/** The error for a body above the limit. */
export function tooLarge(maxBytes: number): ServiceError {
  return new ServiceError(413, 'body_too_large', `the body is larger than ${maxBytes} bytes; send fewer rows at once`);
}

/**
 * Bytes that a request says its body has; 0 where it does not say.
 * @throws ServiceError  413 when they are more than one body may have
 */
export function declaredBytes(request: IncomingMessage, maxBytes: number): number {
  // The parser lets through digits only.
  const declared = Number(readHeader(request, 'content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  return declared;
}
