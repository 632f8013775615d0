import type { Clock } from './clock.js';
import type { HttpAnswer } from './http-client.js';
import { sendWithRetry } from './retry.js';
import { addTo, type Tally } from './tally.js';

/** Truths that wait for their time. */
export interface OutcomeQueue {
  /** Puts the truth of an acknowledged prediction in line; it is due `delayMs` from now. */
  add(predictionId: string, actual: string | number): void;
  /** Number that wait. */
  waiting(): number;
  /** Sends what falls due until `close`, then either everything (each at its time) or, once aborted, only what is due by then. */
  run(): Promise<void>;
  /** No more will be added: lets `run` come to its end. */
  close(): void;
}

const MOST_A_REQUEST = 500;
const LOOK_EVERY_MS = 100;

/**
 * Creates the queue. An outcome is sent again after a failed connection too: told twice, it says the same.
 * @param post  sends a body to the model's outcomes path
 */
export function createOutcomeQueue(options: {
  post(body: unknown): Promise<HttpAnswer>;
  delayMs: number;
  retries: number;
  clock: Clock;
  signal: AbortSignal;
  tally: Tally;
}): OutcomeQueue {
  const { post, delayMs, retries, clock, signal, tally } = options;
  const queue: { dueAt: number; id: string; actual: string | number }[] = [];
  let closed = false;

  const sendDue = async (): Promise<void> => {
    while (queue[0] && queue[0].dueAt <= clock.now()) {
      const now = clock.now();
      const later = queue.findIndex((outcome) => outcome.dueAt > now);
      const due = queue.splice(0, Math.min(MOST_A_REQUEST, later === -1 ? queue.length : later));
      const outcomes = due.map(({ dueAt, id, actual }) => ({
        prediction_id: id,
        actual,
        observed_at: new Date(dueAt).toISOString(),
      }));
      const retry = { retries, clock, signal, retryFailures: true, onRetry: () => undefined };
      const answer = await sendWithRetry(() => post({ outcomes }), retry);
      if ('failure' in answer) addTo(tally.outcomesFailedByReason, answer.failure, due.length);
      else if (answer.status >= 200 && answer.status < 300) tally.outcomesSent += due.length;
      else addTo(tally.outcomesRefusedByStatus, answer.status, due.length);
    }
  };

  return {
    add: (id, actual) => queue.push({ dueAt: clock.now() + delayMs, id, actual }),
    waiting: () => queue.length,
    close: () => {
      closed = true;
    },
    run: async () => {
      while (!closed || (queue.length > 0 && !signal.aborted)) {
        await sendDue();
        const wait = closed && queue[0] ? Math.max(1, queue[0].dueAt - clock.now()) : LOOK_EVERY_MS;
        // While rows are still in flight an abort must not turn this into a busy loop.
        if (!closed || queue.length > 0) await clock.sleep(wait, closed ? signal : undefined);
      }
      await sendDue();
    },
  };
}
