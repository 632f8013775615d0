import { retryAfterMs } from '../../core/http/retry-after.js';
import { keyHeader } from '../../core/keys/header.js';
import { type RequestSource, SOURCE_HEADER } from '../../core/request-source.js';

/** What the service answered: the parsed body, undefined where it is no JSON. */
export interface Reply {
  status: number;
  body: unknown;
}

/** Time, so that a test can bring its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** @throws the reason of the signal once that is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Sends instances to the service. */
export type PostInstances = (instances: object[]) => Promise<Reply>;

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** A service that has refused for so long is not coming back by itself. */
const PATIENCE_MS = 600_000;

/**
 * Prepares requests to one address. Where the service says 429 or 503 they are sent again after its Retry-After (half a minute at
 * most), or else, and where no answer came, after a wait that doubles from a quarter of a second; for ten minutes each. More
 * rows than are answered within the service's deadline are not sent again: that 503 is returned.
 * @throws Error  there was no other answer for ten minutes; the reason of the signal once that is aborted
 */
export function createPost(options: {
  url: string;
  source: RequestSource;
  /** Where the service wants one. */
  apiKey?: string | undefined;
  clock: Clock;
  signal: AbortSignal;
}): PostInstances {
  const { url, source, apiKey, clock, signal } = options;
  const headers = { 'content-type': 'application/json', [SOURCE_HEADER]: source, ...keyHeader(apiKey) };
  return async (instances) => {
    const body = JSON.stringify({ instances });
    const giveUpAt = clock.now() + PATIENCE_MS;
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      const reply = await send(url, { method: 'POST', headers, body, signal }, instances.length);
      if (!('retryAfter' in reply)) return reply;
      if (clock.now() >= giveUpAt) {
        throw new Error(`${url} ${reply.said} for ${PATIENCE_MS / 60_000} minutes; nothing was written`, {
          cause: url,
        });
      }
      const asked = retryAfterMs(reply.retryAfter, clock.now());
      await clock.sleep(Math.min(LONGEST_WAIT_MS, asked ?? wait), signal);
    }
  };
}

interface Refused {
  said: string;
  retryAfter: string | undefined;
}

/** Whether the service took longer than a request may wait. */
export function isDeadlineExceeded({ status, body }: Reply): boolean {
  return status === 503 && (body as { code?: string } | undefined)?.code === 'deadline_exceeded';
}

async function send(
  url: string,
  request: RequestInit & { signal: AbortSignal },
  rows: number,
): Promise<Reply | Refused> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, request);
    text = await response.text();
  } catch {
    request.signal.throwIfAborted();
    return { said: 'gave no answer', retryAfter: undefined };
  }
  const { status } = response;
  const reply = { status, body: parseJson(text) };
  if (rows > 1 && isDeadlineExceeded(reply)) return reply;
  if (status === 429 || status === 503) {
    return { said: `answered ${status}`, retryAfter: response.headers.get('retry-after') ?? undefined };
  }
  return reply;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
