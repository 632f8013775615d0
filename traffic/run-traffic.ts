import type { WriteStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import type { Clock } from './clock.js';
import { createHttpClient, type HttpClient } from './http-client.js';
import { loadModelDescription } from './model-description.js';
import type { TrafficOptions } from './options.js';
import { createOutcomeQueue, type OutcomeQueue } from './outcomes.js';
import { createProgress } from './progress.js';
import { runReplay } from './replay.js';
import { createReport, formatReport, type TrafficReport } from './report.js';
import { createTally, type Tally } from './tally.js';
import { planTraffic, type TrafficPlan } from './traffic-plan.js';
import { writeRequests } from './write-requests.js';

/** The outside of a run. */
export interface TrafficEnvironment {
  clock: Clock;
  /** Aborted when the run is to end in good order. */
  signal: AbortSignal;
  /** Sent with every request, where the service wants one. */
  apiKey?: string | undefined;
  /** Where the report goes. */
  output: NodeJS.WritableStream;
  /** Where progress goes. */
  progress: NodeJS.WritableStream & { isTTY?: boolean };
}

const PROGRESS_EVERY_MS = 200;

/**
 * Runs the simulator from its options to its report.
 * @returns the report; undefined when only a request file was written
 * @throws Error, ProblemsError  the service, the model, the rows or the scenario cannot be used; nothing was sent
 */
export async function runTraffic(
  options: TrafficOptions,
  environment: TrafficEnvironment,
): Promise<TrafficReport | undefined> {
  // One connection more than predictions need, for outcomes.
  const connections = options.concurrency + 1;
  const client = createHttpClient({
    url: options.url,
    connections,
    timeoutMs: options.timeout * 1000,
    apiKey: environment.apiKey,
  });
  try {
    const plan = await planTraffic(options, await loadModelDescription(client, options.model));
    if (options.writeRequests === undefined) return await send(options, environment, client, plan);
    await writeRequestFile(options.writeRequests, options, environment, plan);
    return undefined;
  } finally {
    client.close();
  }
}

async function writeRequestFile(
  path: string,
  { batch, count, seed }: TrafficOptions,
  { output }: TrafficEnvironment,
  { model, stream, scenario }: TrafficPlan,
): Promise<void> {
  if (!Number.isFinite(count)) throw new Error('--write-requests needs --count', { cause: 'options' });
  const header = { format: 'plumbline-requests/1', model: model.name, seed, rows: count, scenario } as const;
  await writeRequests({ path, header, model, stream, batch });
  output.write(
    `${path}: ${Math.ceil(count / batch)} requests of ${count} rows; replay them with traffic/k6/replay.js\n`,
  );
}

async function send(
  options: TrafficOptions,
  { clock, signal, output, progress }: TrafficEnvironment,
  client: HttpClient,
  { model, stream, scenario }: TrafficPlan,
): Promise<TrafficReport> {
  const tally = createTally();
  const { seed, retries, count } = options;
  const outcomesPath = `/v1/models/${encodeURIComponent(model.name)}/outcomes`;
  const post = (body: unknown): ReturnType<HttpClient['post']> => client.post(outcomesPath, body);
  const delayMs = options.outcomesDelay * 1000;
  const outcomes = createOutcomeQueue({ post, delayMs, retries, clock, signal, tally });
  const ids = options.ids === undefined ? undefined : (await open(options.ids, 'w')).createWriteStream();
  const onId = (id: string): unknown => ids?.write(`${id}\n`);
  const stopProgress = showProgress({ stream: progress, tally, count, clock, outcomes });
  try {
    const telling = outcomes.run();
    const replay = runReplay({ ...options, client, clock, signal, model, stream, outcomes, tally, onId });
    await replay.finally(outcomes.close);
    await telling;
  } finally {
    stopProgress();
    await end(ids);
  }
  const report = createReport(tally, {
    url: client.baseUrl,
    model: model.name,
    seed,
    scenario,
    outcomesNotDue: outcomes.waiting(),
  });
  output.write(`${formatReport(report)}\n`);
  if (options.report !== undefined) await writeFile(options.report, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function showProgress(options: {
  stream: TrafficEnvironment['progress'];
  tally: Tally;
  count: number;
  clock: Clock;
  outcomes: OutcomeQueue;
}): () => void {
  const { clock, outcomes } = options;
  const progress = createProgress({ ...options, now: clock.now });
  const update = (): void => progress.update(outcomes.waiting());
  const timer = setInterval(update, PROGRESS_EVERY_MS);
  return () => {
    clearInterval(timer);
    update();
    progress.stop();
  };
}

async function end(ids: WriteStream | undefined): Promise<void> {
  if (!ids) return;
  ids.end();
  await finished(ids);
}
