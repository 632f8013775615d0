import { retryAfterMs } from '../core/http/retry-after.js';
import type { Clock } from './clock.js';
import type { HttpAnswer } from './http-client.js';

/** How often and how patiently a refused request is sent again. */
export interface RetryOptions {
  /** Most attempts after the first. */
  retries: number;
  clock: Clock;
  /** No further attempt once aborted. */
  signal: AbortSignal;
  /** Whether a failed connection is tried again too: only where sending twice does no harm. */
  retryFailures: boolean;
  /** Called before each further attempt. */
  onRetry(): void;
}

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 10_000;

/** Sends until the answer is neither 429 nor 503 or the attempts are used up; waits as Retry-After says, else doubling from 0.25 s. */
export async function sendWithRetry(send: () => Promise<HttpAnswer>, options: RetryOptions): Promise<HttpAnswer> {
  const { retries, clock, signal, retryFailures, onRetry } = options;
  for (let attempt = 0; ; attempt++) {
    const answer = await send();
    const again = 'failure' in answer ? retryFailures : answer.status === 429 || answer.status === 503;
    if (!again || attempt >= retries) return answer;
    const asked = 'failure' in answer ? undefined : retryAfterMs(answer.retryAfter, clock.now());
    await clock.sleep(Math.min(LONGEST_WAIT_MS, asked ?? FIRST_WAIT_MS * 2 ** attempt), signal);
    if (signal.aborted) return answer;
    onRetry();
  }
}
