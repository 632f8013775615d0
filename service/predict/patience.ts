import type { IncomingMessage } from 'node:http';
import { ClientGoneError, DeadlineExceededError, ServiceError } from '../errors.js';
import { readHeader } from '../http/read-header.js';

/** How long a request may wait for the model, and whether anybody waits for its answer. */
export interface Patience {
  /** @throws DeadlineExceededError, ClientGoneError when an answer would be of no use any more */
  assertWanted(): void;
}

/** The header by which a client says for how many milliseconds it wants its request to wait. */
export const TIMEOUT_HEADER = 'x-request-timeout-ms';
/** What a client may ask for at most: what nine digits hold. */
export const LONGEST_WAIT_MS = 999_999_999;
const WHOLE_MS = /^[1-9]\d{0,8}$/;

/**
 * The patience of a request whose body has been read, from now on. The client may shorten it, not lengthen it.
 * @param longestMs  what the service allows
 * @throws ServiceError  400: the client's header is no whole number of milliseconds from 1 to 999999999
 */
export function createPatience(request: IncomingMessage, longestMs: number): Patience {
  const given = readHeader(request, TIMEOUT_HEADER);
  const waitMs = given === undefined ? longestMs : Math.min(longestMs, readWait(given));
  const deadline = performance.now() + waitMs;
  const { socket } = request;
  return {
    assertWanted: () => {
      if (socket.destroyed) throw new ClientGoneError();
      if (performance.now() > deadline) throw new DeadlineExceededError(waitMs);
    },
  };
}

function readWait(text: string): number {
  if (WHOLE_MS.test(text)) return Number(text);
  const shown = JSON.stringify(text.slice(0, 50));
  const message = `the header ${TIMEOUT_HEADER} is ${shown}, wanted whole milliseconds, 1 to ${LONGEST_WAIT_MS}`;
  throw new ServiceError(400, 'invalid_request', message);
}
