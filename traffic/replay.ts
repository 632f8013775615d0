import type { Clock } from './clock.js';
import type { HttpClient } from './http-client.js';
import type { ModelDescription } from './model-description.js';
import type { OutcomeQueue } from './outcomes.js';
import { createPace } from './pace.js';
import { parsePredictAnswer } from './predictions.js';
import { sendWithRetry } from './retry.js';
import type { TrafficRow } from './row-stream.js';
import { addTo, type Tally } from './tally.js';

/** What a replay is made of. */
export interface ReplayOptions {
  client: HttpClient;
  clock: Clock;
  /** Once aborted nothing new is sent; what is in flight is waited for. */
  signal: AbortSignal;
  model: ModelDescription;
  stream: Generator<TrafficRow, never>;
  outcomes: OutcomeQueue;
  tally: Tally;
  /** Rows a second; Infinity: as fast as answers come. */
  rate: number;
  /** Rows in all; Infinity: until aborted. */
  count: number;
  /** Rows a request. */
  batch: number;
  /** Requests in flight at most. */
  concurrency: number;
  /** Further attempts after a 429 or 503. */
  retries: number;
  /** Called with the id of each acknowledged prediction. */
  onId(id: string): void;
}

const LONGEST_PAUSE_MS = 2000;

/** Sends the rows of the stream at the rate and puts the outcomes of the acknowledged in line. Resolves when none is in flight. */
export async function runReplay(options: ReplayOptions): Promise<void> {
  const { clock, signal, stream, tally, rate, count, batch, concurrency } = options;
  const dueAt = createPace(rate, clock);
  let taken = 0;
  const worker = async (): Promise<void> => {
    let failures = 0;
    while (!signal.aborted && taken < count) {
      const size = Math.min(batch, count - taken);
      taken += size;
      const rows = Array.from({ length: size }, () => stream.next().value);
      const wait = dueAt(size) - clock.now();
      if (wait > 0) await clock.sleep(wait, signal);
      if (signal.aborted) return;
      tally.sent += size;
      failures = (await sendRows(options, rows)) ? 0 : failures + 1;
      // A service that is down is asked again and again, but not in a busy loop.
      if (failures > 0) await clock.sleep(Math.min(LONGEST_PAUSE_MS, 50 * 2 ** failures), signal);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Sends one request and counts its rows. @returns false when there was no usable answer */
async function sendRows(options: ReplayOptions, rows: TrafficRow[]): Promise<boolean> {
  const { client, clock, signal, model, tally, retries } = options;
  const path = `/v1/models/${encodeURIComponent(model.name)}/predict`;
  const body = { instances: rows.map((row) => row.instance) };
  let startedAt = 0;
  const post = (): ReturnType<HttpClient['post']> => {
    startedAt = performance.now();
    return client.post(path, body);
  };
  const onRetry = (): unknown => tally.retries++;
  const answer = await sendWithRetry(post, { retries, clock, signal, retryFailures: false, onRetry });
  if ('failure' in answer) {
    addTo(tally.failedByReason, answer.failure, rows.length);
    return false;
  }
  if (answer.status < 200 || answer.status > 299) {
    addTo(tally.refusedByStatus, answer.status, rows.length);
    return true;
  }
  const parsed = parsePredictAnswer(answer.body, rows.length);
  if (!parsed) {
    addTo(tally.failedByReason, 'answer not understood', rows.length);
    return false;
  }
  tally.latency.add(performance.now() - startedAt);
  tally.acknowledged += rows.length;
  addTo(tally.versions, `${parsed.model.name}/${parsed.model.version}`, rows.length);
  tally.lastAt = clock.now();
  tally.firstAt ??= tally.lastAt;
  for (const [i, { id }] of parsed.predictions.entries()) acknowledge(options, rows[i]!, id);
  return true;
}

function acknowledge({ model, outcomes, onId }: ReplayOptions, row: TrafficRow, id: string): void {
  onId(id);
  if (row.hasOutcome) outcomes.add(id, model.task === 'regression' ? Number(row.target) : row.target);
}
